/// What is done where a stream comes faster than it is counted.
public struct OverloadPolicy: Sendable, Equatable {
    /// From this far behind on, microseconds, only a part of the keys is counted.
    public var lagMicroseconds: Int64
    /// The part.
    public var keptShare: Double

    init?(_ reader: CheckedTable?) {
        guard let reader, let lag = reader.integer("lag"), let share = reader.number("keep") else { return nil }
        lagMicroseconds = lag
        keptShare = share
    }
}

/// Whether one stream is behind. It is until it is less than half the limit behind, so that it does not come and go.
struct Overload {
    private(set) var isBehind = false

    /// Takes the lag of a batch, microseconds. Returns whether anything has changed.
    mutating func update(lagMicroseconds lag: Int64, policy: OverloadPolicy) -> Bool {
        let was = isBehind
        isBehind = isBehind ? lag >= policy.lagMicroseconds / 2 : lag > policy.lagMicroseconds
        return isBehind != was
    }
}
