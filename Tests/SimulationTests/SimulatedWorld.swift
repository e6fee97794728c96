import Agent
import Events
import Foundation
import TidewatchTestKit

/// The process was killed here: nothing that follows reaches the world.
struct SimulatedCrash: Error {}

/// The disk takes nothing more.
struct SimulatedFullDisk: Error {}

/// What lies around the agent and outlives it: the clock, the receivers of alerts, the topics it publishes on; and the
/// power supply. At a moment that was drawn before, inside any step, the state directory is copied as it is then, and
/// the agent is cut off from the world: that is what `kill -9` leaves.
///
/// `@unchecked Sendable`: a simulation has one thread.
final class SimulatedWorld: @unchecked Sendable {
    private(set) var clockMicroseconds = SimulatedLog.start
    /// Records that reached the topics.
    private(set) var published: [PublishedRecord] = []
    /// Alert messages that reached the receiver, in order.
    private(set) var received: [(id: String, body: [UInt8])] = []
    /// What a person was told.
    private(set) var problems: [String] = []
    /// How often the agent has touched the world.
    private(set) var touches = 0
    private(set) var isCrashed = false
    /// Whether the files of checkpoints are refused.
    var isDiskFull = false
    /// Files that were refused.
    private(set) var refusals = 0
    /// Checkpoints that a disk has lost without saying so.
    var lostCheckpoints = 0
    private var crashAt = Int.max
    private var onCrash: (() throws -> Void)?
    private var failure: (any Error)?

    /// Lets the power fail after so many more touches; `save` keeps what the disk holds then.
    func crash(after count: Int, save: @escaping () throws -> Void) {
        crashAt = touches + count
        onCrash = save
    }

    /// A new process.
    func restart() throws {
        if let failure { throw failure }
        isCrashed = false
        crashAt = .max
        onCrash = nil
    }

    /// No more power failures, and room on the disk.
    func calm() {
        crashAt = .max
        isDiskFull = false
    }

    func advance(microseconds: Int64) { clockMicroseconds += microseconds }

    /// The agent does something that the world could see.
    private func touch() {
        touches += 1
        guard touches >= crashAt, !isCrashed else { return }
        isCrashed = true
        do { try onCrash?() } catch { failure = error }
    }

    var wallClock: @Sendable () -> Int64 {
        { [self] in
            touch()
            return clockMicroseconds
        }
    }

    /// Each file of a checkpoint is a moment at which the power may fail.
    var willWrite: @Sendable (Int) throws -> Void {
        { [self] _ in
            touch()
            guard isDiskFull else { return }
            refusals += 1
            throw SimulatedFullDisk()
        }
    }

    @Sendable func observe(_ event: AgentEvent) {
        touch()
        guard case .problem(let text) = event, !isCrashed else { return }
        let isExplained =
            text.contains("could not be written: SimulatedFullDisk") && refusals > 0
            || text.contains("is damaged") && lostCheckpoints > 0
        if !isExplained { problems.append(text) }
    }

    /// An alert message arrives; the receiver's answer may be lost.
    func receive(id: String, body: [UInt8]) throws {
        touch()
        if isCrashed { throw SimulatedCrash() }
        received.append((id, body))
        touch()
        if isCrashed { throw SimulatedCrash() }
    }

    fileprivate func publish(_ record: PublishedRecord) throws {
        touch()
        if isCrashed { throw SimulatedCrash() }
        published.append(record)
        // The broker has it, and the acknowledgement is lost.
        touch()
        if isCrashed { throw SimulatedCrash() }
    }
}

/// The topics that the agent publishes on.
struct SimulatedSink: RecordSink {
    let world: SimulatedWorld

    func publish(_ record: PublishedRecord) throws { try world.publish(record) }
}
