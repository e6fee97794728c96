import Storage

/// Recorded events, one JSON object a line, gzip or not; read as they are asked for.
///
/// A message's record time is the event's own: `known_at` of an outcome that has one, else `time`. Blank lines are skipped;
/// lines that are no event are delivered all the same, for the pipeline to count.
public struct JSONLinesSource: EventSource {
    private let reader: LineReader
    private let source: Int
    private var offset: Int64 = 0
    private var clock: RecordClock

    /// - Parameter startMicroseconds: the record time of messages before the first with a time of its own.
    /// - Throws: `StorageError` when the file cannot be opened.
    public init(path: String, source: Int = 0, startMicroseconds: Int64 = 0) throws {
        reader = try LineReader(path: path)
        self.source = source
        clock = RecordClock(timestampMicroseconds: startMicroseconds)
    }

    public mutating func next(maximum: Int) throws -> [SourceMessage] {
        precondition(maximum > 0)
        var messages: [SourceMessage] = []
        while messages.count < maximum, let line = try reader.next() {
            guard !line.isBlank else { continue }
            messages.append(clock.message(line, source: source, offset: offset))
            offset += 1
        }
        return messages
    }
}

/// Gives events from text lines the record time that a broker would give them: `known_at` of an outcome that has one and
/// came after its `time`, else `time`, else the record time of the message before.
struct RecordClock {
    /// Of the newest message, microseconds since 1970 UTC.
    private(set) var timestampMicroseconds: Int64
    private let decoder = EventDecoder(limits: .unlimited)

    init(timestampMicroseconds: Int64) {
        self.timestampMicroseconds = timestampMicroseconds
    }

    /// - Parameter now: record times are not after this, microseconds since 1970 UTC.
    mutating func message(
        _ line: UnsafeRawBufferPointer, source: Int, offset: Int64, notAfter now: Int64 = .max
    ) -> SourceMessage {
        var key: [UInt8] = []
        if case .event(let event) = decoder.decode(line, recordTimeMicroseconds: timestampMicroseconds) {
            key = Array(event.id)
            let known = event.kind == .outcome ? event.knownAtMicroseconds : nil
            timestampMicroseconds = min(now, max(event.timeMicroseconds, known ?? event.timeMicroseconds))
        }
        return SourceMessage(
            source: source, partition: 0, offset: offset, timestampMicroseconds: timestampMicroseconds, key: key,
            value: Array(line))
    }
}

extension UnsafeRawBufferPointer {
    /// Nothing but blanks.
    var isBlank: Bool { allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
}
