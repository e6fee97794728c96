import Statistics

/// The closed panes of one model version by segment. Segments come from the version's reference, so they are bounded.
public struct SegmentStore<Summary: MergeableSummary & Equatable>: Sendable {
    private var stores: [SegmentKey: PaneStore<Summary>] = [:]
    /// Panes below this have been forgotten.
    private var droppedBefore: Int64 = .min

    public init() {}

    /// Adds one partition's parts of a pane; parts that are there already are left as they are.
    public mutating func add(_ parts: [SegmentPart<Summary>], pane: Int64, partition: Int32) {
        for part in parts {
            stores[part.segment, default: PaneStore()].add(part.summary, pane: pane, partition: partition)
        }
    }

    /// The segments that are known, in the order of `windows`.
    public var segments: [SegmentKey] { stores.keys.sorted() }

    /// The sum of `count` panes up to and with `pane` of every segment that is known by then, by name; `nil` where all are
    /// empty. Segments of later panes, which a batch may have brought already, are not known yet.
    public func windows(endingWith pane: Int64, panes count: Int64) -> [(name: String, summary: Summary?)] {
        stores.filter { $0.value.oldestPane ?? .max <= pane }.sorted { $0.key < $1.key }.map { segment, store in
            (name: segment.description, summary: store.window(endingWith: pane, panes: count))
        }
    }

    /// What one pane holds of each segment that it has, by the segments' names.
    public func parts(of pane: Int64) -> [String: Summary] {
        var parts: [String: Summary] = [:]
        for (segment, store) in stores { parts[segment.description] = store[pane] }
        return parts
    }

    /// Forgets panes that no later window contains, and segments without any.
    public mutating func drop(before pane: Int64) {
        guard pane > droppedBefore else { return }
        droppedBefore = pane
        for segment in stores.keys { stores[segment]?.drop(before: pane) }
        stores = stores.filter { $0.value.oldestPane != nil }
    }

    /// Forgets the panes whose summaries do not fit what is in force now, and segments without any.
    public mutating func keep(_ fits: (Summary) -> Bool) {
        for segment in stores.keys { stores[segment]?.keep(fits) }
        stores = stores.filter { $0.value.oldestPane != nil }
    }

    package func write(to writer: inout BinaryWriter) {
        writer.write(UInt32(stores.count))
        for (segment, store) in stores.sorted(by: { $0.key < $1.key }) {
            writer.write(segment.column)
            writer.write(segment.value)
            store.write(to: &writer)
        }
    }

    package init(from reader: inout BinaryReader) throws {
        for _ in 0..<(try reader.read() as UInt32) {
            let segment = SegmentKey(column: try reader.readString(), value: try reader.readString())
            stores[segment] = try PaneStore(from: &reader)
        }
    }
}
