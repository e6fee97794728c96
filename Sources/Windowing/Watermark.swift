/// How far one stream of one partition has come in event time.
///
/// The watermark is the newest event time less the allowed lateness. It depends on the stream's own events alone, so
/// that lateness is the same however the streams interleave.
struct Watermark: Equatable {
    let allowedLatenessMicroseconds: Int64
    private(set) var newestMicroseconds: Int64 = .min

    init(allowedLatenessMicroseconds: Int64, newestMicroseconds: Int64 = .min) {
        self.allowedLatenessMicroseconds = allowedLatenessMicroseconds
        self.newestMicroseconds = newestMicroseconds
    }

    /// Microseconds since 1970 UTC; `Int64.min` before the first event.
    var value: Int64 { newestMicroseconds == .min ? .min : newestMicroseconds - allowedLatenessMicroseconds }

    /// Takes an event's time into account. Returns whether the watermark moved.
    @inline(__always)
    mutating func advance(to timeMicroseconds: Int64) -> Bool {
        guard timeMicroseconds > newestMicroseconds else { return false }
        newestMicroseconds = timeMicroseconds
        return true
    }
}
