import Synchronization

/// Keeps the large parts of a state: immutable bytes, each under a name that the store gives.
public protocol SnapshotStore: AnyObject, Sendable {
    /// Stores bytes where a crash cannot take them; returns their name.
    func put(_ bytes: [UInt8]) throws -> [UInt8]

    /// The bytes of that name, as they were stored; throws where they are missing or damaged.
    func get(_ name: [UInt8]) throws -> [UInt8]
}

/// A state that has been written, all but the small part of it to segments.
public struct WrittenState: Sendable {
    public var bytes: [UInt8]
    /// Names of all segments that the state needs, older ones too.
    public var segments: [[UInt8]]

    public init(bytes: [UInt8], segments: [[UInt8]] = []) {
        self.bytes = bytes
        self.segments = segments
    }
}

/// Which segments hold the join tables of a partition, as of its last checkpoint; shared by the pipeline, which must know
/// what has changed since, and the frozen states, which are written on another thread.
final class SnapshotLog: Sendable {
    /// Some slots of a model's join table that are written together.
    struct Block: Hashable, Sendable {
        var model: String
        var number: Int
    }

    struct Segment: Sendable {
        var name: [UInt8]
        var bytes: Int
        /// Blocks that stand in it whole, and not only with their changes.
        var blocks: [Block]
    }

    struct Contents: Sendable {
        var store: any SnapshotStore
        /// The number of the frozen state that they hold.
        var moment: Int
        /// In the order in which they were written: a later one takes the place of what earlier ones say.
        var segments: [Segment] = []
        /// Bytes of older segments that are still to be written anew, in return for changes that were added.
        var debt = 0
    }

    private struct State {
        var committed: Contents?
        var written: Contents?
    }

    private let state: Mutex<State>

    init(_ committed: Contents? = nil) {
        state = Mutex(State(committed: committed))
    }

    /// What a checkpoint holds; `nil` before the first one.
    var committed: Contents? { state.withLock(\.committed) }

    /// A frozen state is in segments, and in no checkpoint yet.
    func note(_ written: Contents) { state.withLock { $0.written = written } }

    /// What was noted of this frozen state is in a checkpoint.
    func commit(_ moment: Int) {
        state.withLock { state in
            guard let written = state.written, written.moment == moment else { return }
            state = State(committed: written)
        }
    }

    /// Segments have been lost: everything is to be written again.
    func forget() { state.withLock { $0 = State() } }
}
