import Statistics

/// Panes that are tested together.
struct EvidenceInterval: Sendable, Equatable {
    /// Of the first pane with events.
    var startMicroseconds: Int64
    var endMicroseconds: Int64 = 0
    var paneMicroseconds: Int64 = 0
    /// Panes with events.
    var panes = 0
    var summary: PaneSummary?

    init(startMicroseconds: Int64, summary: PaneSummary?) {
        self.startMicroseconds = startMicroseconds
        self.summary = summary
    }

    mutating func add(_ pane: PaneSummary, endMicroseconds: Int64, paneMicroseconds: Int64) {
        if summary == nil { summary = pane } else { summary?.merge(pane) }
        self.endMicroseconds = endMicroseconds
        self.paneMicroseconds = paneMicroseconds
        panes += 1
    }
}

extension EvidenceInterval: Codable {
    private enum CodingKeys: String, CodingKey { case start, end, pane, panes, summary }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        startMicroseconds = try values.decode(Int64.self, forKey: .start)
        endMicroseconds = try values.decode(Int64.self, forKey: .end)
        paneMicroseconds = try values.decode(Int64.self, forKey: .pane)
        panes = try values.decode(Int.self, forKey: .panes)
        summary = try values.decodeIfPresent([UInt8].self, forKey: .summary).map { try PaneSummary(serialized: $0) }
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(startMicroseconds, forKey: .start)
        try values.encode(endMicroseconds, forKey: .end)
        try values.encode(paneMicroseconds, forKey: .pane)
        try values.encode(panes, forKey: .panes)
        try values.encodeIfPresent(summary?.serialized(), forKey: .summary)
    }
}
