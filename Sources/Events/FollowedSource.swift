public import Storage

/// Events from a text that is still being written: JSON lines, or a scored table in CSV.
///
/// A message's record time is its event's, but never after now: a producer whose clock is ahead cannot move the watermark
/// further than a broker's would let it. CSV rows that cannot be read are delivered as they are written, for the pipeline
/// to reject and count, and the first of each file is a notice.
public struct FollowedSource: EventSource {
    /// What the lines are.
    public enum Format: Sendable {
        case jsonLines
        case csv(CSVMapping)
    }

    /// Where reading can go on: from this place on messages come with these offsets.
    public struct Resumption: Sendable, Equatable, Codable {
        /// `nil` for what cannot be read again.
        public var place: FilePlace?
        public var offset: Int64
        /// The record time of the message before, microseconds since 1970 UTC.
        public var timestampMicroseconds: Int64

        public init(place: FilePlace? = nil, offset: Int64 = 0, timestampMicroseconds: Int64 = 0) {
            self.place = place
            self.offset = offset
            self.timestampMicroseconds = timestampMicroseconds
        }
    }

    private let feed: any LineFeed
    private let source: Int
    private let nowMicroseconds: () -> Int64
    private var clock: RecordClock
    private var offset: Int64
    private var table: FollowedTable?
    private var decoders: LineDecoders
    private let pool = BatchPool()
    /// Batches that are decoded and were not returned yet.
    private var ready: [DecodedBatch] = []
    /// Of the batch returned last.
    private var returned: Resumption
    /// What went wrong behind the lines that were read with it.
    private var failure: (any Error)?

    /// - Parameters:
    ///   - feed: it begins at the place of `resumption`.
    ///   - decoders: threads that decode lines at once; so many batches are read ahead.
    ///   - nowMicroseconds: the wall clock, microseconds since 1970 UTC.
    public init(
        feed: any LineFeed, format: Format, source: Int = 0, resumption: Resumption = Resumption(), decoders: Int = 1,
        nowMicroseconds: @escaping () -> Int64
    ) {
        self.decoders = LineDecoders(count: decoders)
        returned = resumption
        returned.place = feed.place(at: feed.position)
        self.feed = feed
        self.source = source
        self.nowMicroseconds = nowMicroseconds
        clock = RecordClock(timestampMicroseconds: resumption.timestampMicroseconds)
        offset = resumption.offset
        if case .csv(let mapping) = format {
            table = FollowedTable(rows: FollowedRows(feed: feed), mapping: mapping, source: source)
        }
    }

    /// Whether lines are cells of a table, which ``nextDecoded(maximum:limits:)`` does not read.
    public var isTable: Bool { table != nil }

    /// Whether nothing will ever come any more.
    public var hasEnded: Bool { feed.hasEnded && table?.waiting == nil && ready.isEmpty }

    /// Waits after there was nothing: until there may be more, and so long at most.
    public func wait(milliseconds: Int32) { feed.wait(milliseconds: milliseconds) }

    /// Where reading can go on behind the messages that were returned, or shortly before: with offsets that say which
    /// messages come again.
    public var resumption: Resumption {
        guard let table else { return returned }
        return Resumption(
            place: table.place, offset: table.waiting.map { $0.offset - 1 } ?? offset,
            timestampMicroseconds: clock.timestampMicroseconds)
    }

    public mutating func next(maximum: Int) throws -> [SourceMessage] {
        precondition(maximum > 0)
        let now = nowMicroseconds()
        var messages: [SourceMessage] = []
        if table != nil {
            while messages.count < maximum, var message = try table?.next(offset: offset) {
                message.timestampMicroseconds = min(now, message.timestampMicroseconds)
                offset = message.offset + 1
                messages.append(message)
            }
            return messages
        }
        guard let batch = try nextDecoded(maximum: maximum, limits: .unlimited) else { return [] }
        return batch.records.map { record in
            SourceMessage(
                source: source, partition: 0, offset: record.offset,
                timestampMicroseconds: record.timestampMicroseconds, key: Array(record.key),
                value: Array(record.message))
        }
    }

    /// The next lines, decoded as it takes their times from them; `nil` where there are none, and always for tables.
    ///
    /// - Parameters:
    ///   - maximum: lines of the batches that are read now; those that were read ahead have their own.
    ///   - limits: of an event; what is beyond them is rejected.
    public mutating func nextDecoded(maximum: Int, limits: EventLimits) throws -> DecodedBatch? {
        precondition(maximum > 0)
        guard table == nil else { return nil }
        if ready.isEmpty {
            if let failure {
                self.failure = nil
                throw failure
            }
            ready = readBlocks(maximum: maximum)
            decoders.decode(ready, clock: &clock, limits: limits, notAfter: nowMicroseconds())
        }
        guard !ready.isEmpty else {
            defer { failure = nil }
            if let failure { throw failure }
            returned.place = feed.place(at: feed.position)
            return nil
        }
        let batch = ready.removeFirst()
        returned = batch.resumption
        returned.timestampMicroseconds = batch.clock.timestampMicroseconds
        return batch
    }

    /// Lines for as many threads as decode, as far as there are any.
    private mutating func readBlocks(maximum: Int) -> [DecodedBatch] {
        var blocks: [DecodedBatch] = []
        do {
            while failure == nil, blocks.count < decoders.count {
                let block = DecodedBatch(pool, firstOffset: offset)
                defer { if !block.memory.lines.isEmpty { blocks.append(block) } }
                try read(into: block, maximum: maximum)
                if block.memory.lines.isEmpty { break }
            }
        } catch {
            failure = error
        }
        return blocks
    }

    private mutating func read(into block: DecodedBatch, maximum: Int) throws {
        let memory = block.memory
        defer { block.resumption = Resumption(place: feed.place(at: feed.position), offset: offset) }
        while memory.lines.count < maximum, memory.byteCount < Self.maximumBatchBytes, let line = try feed.next() {
            guard !line.isBlank else { continue }
            memory.append(line: line)
            offset += 1
        }
    }

    /// Of lines; what they are decoded into takes up to nine times as much.
    private static let maximumBatchBytes = 1 << 20

    /// What a person should know and was not told yet.
    public mutating func takeNotices() -> [String] { feed.takeNotices() + (table?.takeNotices() ?? []) }
}

/// The events of tables that are written row by row.
private struct FollowedTable {
    /// The outcome of the row whose prediction was returned last.
    private(set) var waiting: SourceMessage?
    /// Where the row of `waiting` begins, or else the next one.
    private(set) var place: FilePlace?

    private let rows: FollowedRows
    private let mapping: CSVMapping
    private let source: Int
    private var events: CSVEvents?
    private var fileNumber = 0
    private var hasSaidWhy = false
    private var notices: [String] = []
    private var timestampMicroseconds: Int64 = 0

    init(rows: FollowedRows, mapping: CSVMapping, source: Int) {
        self.rows = rows
        self.mapping = mapping
        self.source = source
        place = rows.place
    }

    mutating func takeNotices() -> [String] {
        defer { notices = [] }
        return notices
    }

    mutating func next(offset: Int64) throws(StorageError) -> SourceMessage? {
        if let outcome = waiting {
            waiting = nil
            place = rows.place
            return outcome
        }
        let before = rows.place
        do {
            guard let cells = try rows.nextRow() else {
                place = rows.place
                return nil
            }
            if rows.fileNumber != fileNumber {
                fileNumber = rows.fileNumber
                events = nil
                hasSaidWhy = false
                events = CSVEvents(
                    mapping: mapping, layout: try CSVLayout(mapping, header: rows.header, path: ""), source: source)
            }
            guard events != nil else { return rejected(offset) }
            events?.offset = offset
            guard let (prediction, outcome) = try events?.messages(of: cells, row: offset) else { return nil }
            waiting = outcome
            place = outcome == nil ? rows.place : before
            timestampMicroseconds = prediction.timestampMicroseconds
            return prediction
        } catch {
            guard error.code == .malformed else { throw error }
            if !hasSaidWhy { notices.append("\(error); such rows are counted and left out") }
            hasSaidWhy = true
            return rejected(offset)
        }
    }

    /// A row that is no event, for the pipeline to count.
    private mutating func rejected(_ offset: Int64) -> SourceMessage {
        place = rows.place
        return SourceMessage(
            source: source, partition: 0, offset: offset, timestampMicroseconds: timestampMicroseconds, key: [],
            value: rows.rowBytes)
    }
}
