/// What an event may be at most. Reaching a limit rejects the message with a reason.
public struct EventLimits: Sendable, Equatable {
    /// Bytes of a message.
    public var maximumBytes: Int
    /// How far an event's time may lie behind its record's, microseconds; `.max`: any far.
    public var maximumAge: Int64
    /// How far an event's time may lie ahead of its record's, microseconds; `.max`: any far.
    public var maximumSkew: Int64
    /// Features of an event, and class scores of an event.
    public var maximumFeatures: Int

    /// Defaults: 1 MiB, seven days, ten minutes, 4,096 features.
    public init(
        maximumBytes: Int = 1 << 20, maximumAge: Int64 = 7 * 86_400_000_000, maximumSkew: Int64 = 600_000_000,
        maximumFeatures: Int = 4_096
    ) {
        precondition(maximumBytes > 0 && maximumAge >= 0 && maximumSkew >= 0 && maximumFeatures > 0)
        self.maximumBytes = maximumBytes
        self.maximumAge = maximumAge
        self.maximumSkew = maximumSkew
        self.maximumFeatures = maximumFeatures
    }

    /// For messages that were accepted before: stored rows and replays.
    public static let unlimited = EventLimits(
        maximumBytes: .max, maximumAge: .max, maximumSkew: .max, maximumFeatures: .max)

    /// Why an event's time is rejected beside its record's.
    @inline(__always)
    func rejection(of time: Int64, record: Int64) -> RejectionReason? {
        if isTooOld(time, record: record) { return .timeTooOld }
        return isAhead(time, record: record) ? .timeInFuture : nil
    }

    /// Whether an event's time lies too far behind its record's.
    @inline(__always)
    private func isTooOld(_ time: Int64, record: Int64) -> Bool {
        let (oldest, overflows) = record.subtractingReportingOverflow(maximumAge)
        return maximumAge != .max && !overflows && time < oldest
    }

    /// Whether an event's time lies too far ahead of its record's.
    @inline(__always)
    private func isAhead(_ time: Int64, record: Int64) -> Bool {
        let (newest, overflows) = record.addingReportingOverflow(maximumSkew)
        return maximumSkew != .max && !overflows && time > newest
    }
}
