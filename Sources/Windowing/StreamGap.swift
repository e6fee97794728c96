/// A stretch of a stream that was lost: the log no longer held it when it was to be read.
public struct StreamGap: Sendable, Equatable, Codable {
    public var partition: Int32
    public var role: StreamRole
    /// Event time, microseconds since 1970 UTC: nothing before is missing; `Int64.min` where that is not known.
    public var fromMicroseconds: Int64
    /// Nothing from here on is missing.
    public var toMicroseconds: Int64

    public init(partition: Int32, role: StreamRole, fromMicroseconds: Int64, toMicroseconds: Int64) {
        self.partition = partition
        self.role = role
        self.fromMicroseconds = fromMicroseconds
        self.toMicroseconds = toMicroseconds
    }

    /// Whether events of this span may be missing.
    public func touches(from start: Int64, to end: Int64) -> Bool {
        start < toMicroseconds && end > fromMicroseconds
    }
}

extension PartitionPipeline {
    /// Says that the place at which a stream was to be read on is no longer there: it goes on at the earliest that is.
    public func losePlace(of role: StreamRole) { hasLostPlace[role.rawValue] = true }

    /// Finds out with the next record what was lost. Returns whether the record is new.
    func findPlace(of role: StreamRole, offset: Int64, recordMicroseconds: Int64) -> Bool {
        let stream = role.rawValue
        let watermark = role == .predictions ? predictionWatermark : outcomeWatermark
        if let next = nextOffsets[stream], offset <= next {
            // A log that was cut off brings what is known already. One that was made anew brings what is newer.
            guard recordMicroseconds > watermark.newestMicroseconds || offset == next else { return false }
            guard offset < next else {
                hasLostPlace[stream] = false
                return true
            }
            nextOffsets[stream] = nil
        }
        hasLostPlace[stream] = false
        gaps.append(
            StreamGap(
                partition: partition, role: role, fromMicroseconds: watermark.value,
                toMicroseconds: max(recordMicroseconds, watermark.newestMicroseconds) + 1))
        return true
    }

    /// What was lost since the last time.
    func takeGaps() -> [StreamGap] {
        defer { gaps = [] }
        return gaps
    }
}
