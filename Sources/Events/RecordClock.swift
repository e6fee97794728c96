import Storage

/// Gives events from text lines the record time that a broker would give them: `known_at` of an outcome that has one and
/// came after its `time`, else `time`, else the record time of the message before.
struct RecordClock: Equatable, Sendable {
    /// Of the newest message, microseconds since 1970 UTC.
    var timestampMicroseconds: Int64

    /// Takes a decoded event into account.
    ///
    /// - Parameter now: record times are not after this, microseconds since 1970 UTC.
    mutating func advance(to event: DecodedEvent, notAfter now: Int64 = .max) {
        let known = event.kind == .outcome ? event.knownAtMicroseconds : nil
        timestampMicroseconds = min(now, max(event.timeMicroseconds, known ?? event.timeMicroseconds))
    }

    /// The line as a message.
    ///
    /// - Parameter decoder: without limits.
    mutating func message(
        _ line: UnsafeRawBufferPointer, decoder: EventDecoder, source: Int, offset: Int64
    ) -> SourceMessage {
        var key: [UInt8] = []
        if case .event(let event) = decoder.decode(line, recordTimeMicroseconds: timestampMicroseconds) {
            key = Array(event.id)
            advance(to: event)
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
