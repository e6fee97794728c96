import Events

/// The stream's own time in a recording: what the record's timestamp is on Kafka.
///
/// A recording has no clock beside its events, so one event of the year 2100 would close every pane, and all that follow
/// would be late. An event that jumps ahead of all before it by more than `maximumLead` is therefore held against those
/// that come after it: if most of them lie more than `maximumLead` before it, the time is the event's own mistake. It
/// then gets the record time that the stream has come to, and is rejected as one from the future. A gap in a recording,
/// however long, is none: what follows it lies behind it.
struct StreamTime {
    /// Microseconds.
    private let maximumLead: Int64
    private var newest: Int64?

    /// How many events after a jump are asked.
    static let lookAhead = 1_000

    init(maximumLead: Int64) {
        self.maximumLead = maximumLead
    }

    /// Corrects record times.
    ///
    /// - Parameter following: what comes after the batch: at least ``lookAhead`` messages, or all that are left.
    mutating func settle(_ batch: inout [SourceMessage], following: [SourceMessage]) {
        for index in batch.indices {
            let time = batch[index].timestampMicroseconds
            if let newest, !isBeyond(time, newest) {
                self.newest = max(newest, time)
                continue
            }
            let after = (batch[(index + 1)...].lazy.map(\.timestampMicroseconds).prefix(Self.lookAhead))
            let rest = following.lazy.map(\.timestampMicroseconds).prefix(Self.lookAhead - after.count)
            let behind = (after + Array(rest)).filter { isBeyond(time, $0) }
            if behind.count * 2 > after.count + rest.count {
                batch[index].timestampMicroseconds = newest ?? behind.min() ?? time
            } else {
                newest = time
            }
        }
    }

    private func isBeyond(_ time: Int64, _ other: Int64) -> Bool {
        let (lead, overflows) = time.subtractingReportingOverflow(other)
        return overflows ? time > other : lead > maximumLead
    }
}
