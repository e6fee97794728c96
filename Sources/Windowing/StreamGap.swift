import Events

/// A stretch of a stream of which not everything was counted: the log no longer held it when it was to be read, or it came
/// too fast and a part of its keys was chosen.
public struct StreamGap: Sendable, Equatable, Codable {
    public var partition: Int32
    public var role: StreamRole
    /// Event time, microseconds since 1970 UTC: nothing before is missing; `Int64.min` where that is not known.
    public var fromMicroseconds: Int64
    /// Nothing from here on is missing.
    public var toMicroseconds: Int64
    /// The share of the keys that was counted; 0 where the stretch is lost.
    public var keptShare: Double

    public init(
        partition: Int32, role: StreamRole, fromMicroseconds: Int64, toMicroseconds: Int64, keptShare: Double = 0
    ) {
        self.partition = partition
        self.role = role
        self.fromMicroseconds = fromMicroseconds
        self.toMicroseconds = toMicroseconds
        self.keptShare = keptShare
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

    /// Whether a record is counted: by its key alone while a part of the keys is chosen, so that both halves of a pair are
    /// counted or neither. A record without a key always is.
    func isChosen(_ key: UnsafeRawBufferPointer?, of role: StreamRole) -> Bool {
        guard let keptShare, let key else { return true }
        // Neither the bits that spread the join table's entries nor those by which it is thinned.
        let place = Double(EventIdentifier(hashing: key).low >> 11) / Double(1 << 53)
        guard place >= keptShare else { return true }
        counters.sampledOut += 1
        let watermark = role == .predictions ? predictionWatermark : outcomeWatermark
        let end = max(watermark.value, watermark.newestMicroseconds) + 1
        if let known = sampled[role.rawValue] {
            sampled[role.rawValue]?.toMicroseconds = max(known.toMicroseconds, end)
        } else {
            sampled[role.rawValue] = StreamGap(
                partition: partition, role: role, fromMicroseconds: watermark.value, toMicroseconds: end,
                keptShare: keptShare)
        }
        return false
    }

    /// What was not counted since the last time.
    func takeGaps() -> [StreamGap] {
        defer {
            gaps = []
            sampled = [nil, nil]
        }
        return gaps + sampled.compactMap(\.self)
    }
}
