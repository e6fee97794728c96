import Foundation
public import Windowing

/// One closed pane for detection on whole rows.
public struct RowPane: Sendable {
    /// Inclusive, microseconds since 1970 UTC.
    public var startMicroseconds: Int64
    /// Exclusive, microseconds since 1970 UTC.
    public var endMicroseconds: Int64
    /// All of its events, of which `rows` is a sample.
    public var events: Int64
    public var rows: PaneRows?

    public init(startMicroseconds: Int64, endMicroseconds: Int64, events: Int64, rows: PaneRows?) {
        self.startMicroseconds = startMicroseconds
        self.endMicroseconds = endMicroseconds
        self.events = events
        self.rows = rows
    }
}

/// Panes whose rows are tested together.
struct RowInterval: Sendable, Equatable {
    var startMicroseconds: Int64
    var endMicroseconds: Int64
    var paneMicroseconds: Int64
    var panes: Int
    var events: Int64
    var rows: PaneRows

    init(_ pane: RowPane, rows: PaneRows) {
        startMicroseconds = pane.startMicroseconds
        endMicroseconds = pane.endMicroseconds
        paneMicroseconds = pane.endMicroseconds - pane.startMicroseconds
        panes = 1
        events = pane.events
        self.rows = rows
    }

    mutating func add(_ other: RowInterval) {
        endMicroseconds = other.endMicroseconds
        panes += other.panes
        events += other.events
        rows.merge(other.rows)
    }
}

extension RowInterval: Codable {
    private enum CodingKeys: String, CodingKey { case start, end, pane, panes, events, rows }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        startMicroseconds = try values.decode(Int64.self, forKey: .start)
        endMicroseconds = try values.decode(Int64.self, forKey: .end)
        paneMicroseconds = try values.decode(Int64.self, forKey: .pane)
        panes = try values.decode(Int.self, forKey: .panes)
        events = try values.decode(Int64.self, forKey: .events)
        rows = try PaneRows(serialized: Array(values.decode(Data.self, forKey: .rows)))
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(startMicroseconds, forKey: .start)
        try values.encode(endMicroseconds, forKey: .end)
        try values.encode(paneMicroseconds, forKey: .pane)
        try values.encode(panes, forKey: .panes)
        try values.encode(events, forKey: .events)
        try values.encode(Data(rows.serialized()), forKey: .rows)
    }
}
