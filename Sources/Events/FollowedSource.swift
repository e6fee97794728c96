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
    private let decoder = EventDecoder(limits: .unlimited)
    private let pool = BatchPool()

    /// - Parameters:
    ///   - feed: it begins at the place of `resumption`.
    ///   - nowMicroseconds: the wall clock, microseconds since 1970 UTC.
    public init(
        feed: any LineFeed, format: Format, source: Int = 0, resumption: Resumption = Resumption(),
        nowMicroseconds: @escaping () -> Int64
    ) {
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
    public var hasEnded: Bool { feed.hasEnded && table?.waiting == nil }

    /// Where reading can go on behind the messages that were returned, or shortly before: with offsets that say which
    /// messages come again.
    public var resumption: Resumption {
        guard let table else {
            return Resumption(
                place: feed.place(at: feed.position), offset: offset,
                timestampMicroseconds: clock.timestampMicroseconds)
        }
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
    /// - Parameter limits: of an event; what is beyond them is rejected.
    public mutating func nextDecoded(maximum: Int, limits: EventLimits) throws -> DecodedBatch? {
        precondition(maximum > 0)
        guard table == nil else { return nil }
        let now = nowMicroseconds()
        let batch = DecodedBatch(pool)
        let memory = batch.memory
        while memory.records.count < maximum, memory.byteCount < Self.maximumBatchBytes, let line = try feed.next() {
            guard !line.isBlank else { continue }
            let result = decoder.decode(line, clock: &clock, limits: limits, notAfter: now)
            memory.append(
                line, offset: offset, timestampMicroseconds: clock.timestampMicroseconds, result: result,
                decoder: decoder)
            offset += 1
        }
        batch.unknownKeys = decoder.takeUnknownKeys()
        return batch.records.isEmpty ? nil : batch
    }

    private static let maximumBatchBytes = 4 << 20

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
