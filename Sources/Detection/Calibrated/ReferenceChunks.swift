public import Statistics

/// The rows of a reference in order of time, as one summary per pane on the reference's own cells: from it the
/// calibration learns how far events depend on each other, and what seasons the columns have.
public struct ReferenceChunks: Codable, Sendable, Equatable {
    public struct Chunk: Sendable, Equatable {
        /// Inclusive, microseconds since 1970 UTC.
        public var startMicroseconds: Int64
        public var summary: PaneSummary

        public init(startMicroseconds: Int64, summary: PaneSummary) {
            self.startMicroseconds = startMicroseconds
            self.summary = summary
        }
    }

    /// How long each chunk is: the pane of the stream to be watched.
    public let paneMicroseconds: Int64
    /// In order of time.
    public let chunks: [Chunk]

    /// - Precondition: all chunks are on one reference; the pane is positive.
    public init(paneMicroseconds: Int64, chunks: [Chunk]) {
        precondition(paneMicroseconds > 0, "a pane has a length")
        precondition(Set(chunks.map(\.summary.reference)).count <= 1, "chunks are on one reference")
        self.paneMicroseconds = paneMicroseconds
        self.chunks = chunks.sorted { $0.startMicroseconds < $1.startMicroseconds }
    }

    /// Tells whether these are the chunks of before: their length, and start and size of each (FNV-1a, 64 bits).
    var fingerprint: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for value in [paneMicroseconds] + chunks.flatMap({ [$0.startMicroseconds, $0.summary.events] }) {
            for shift in stride(from: 0, to: 64, by: 8) {
                hash = (hash ^ (UInt64(bitPattern: value) >> UInt64(shift) & 0xff)) &* 0x100_0000_01b3
            }
        }
        return String(hash, radix: 16)
    }

    func column(_ index: Int) -> [ColumnSummary] { chunks.map { $0.summary.columns[index] } }

    /// Chunks merged to stretches of `panes`, aligned to multiples of their length since 1970.
    func grouped(panes: Int64) -> [Chunk] {
        let length = paneMicroseconds * panes
        var groups: [Chunk] = []
        for chunk in chunks {
            let start = chunk.startMicroseconds.flooredMultiple(of: length)
            if let last = groups.last, last.startMicroseconds == start {
                groups[groups.count - 1].summary.merge(chunk.summary)
            } else {
                groups.append(Chunk(startMicroseconds: start, summary: chunk.summary))
            }
        }
        return groups
    }
}

extension ReferenceChunks.Chunk: Codable {
    private enum CodingKeys: String, CodingKey { case start, summary }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        startMicroseconds = try values.decode(Int64.self, forKey: .start)
        summary = try PaneSummary(serialized: values.decode([UInt8].self, forKey: .summary))
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(startMicroseconds, forKey: .start)
        try values.encode(summary.serialized(), forKey: .summary)
    }
}

extension Int64 {
    /// The largest multiple of `length` at or below this.
    func flooredMultiple(of length: Int64) -> Int64 {
        let rest = self % length
        return self - (rest < 0 ? rest + length : rest)
    }
}
