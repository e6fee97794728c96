/// Spans of event time. Right after a start, before the first event, event time is unknown: `Int64.min`.
enum EventTimeSpan {
    /// Microseconds from one moment to another; `nil` while either is unknown.
    static func elapsed(from start: Int64, to end: Int64) -> Int64? {
        guard start != .min, end != .min else { return nil }
        let (difference, overflow) = end.subtractingReportingOverflow(start)
        return overflow ? (end > start ? .max : .min) : difference
    }
}
