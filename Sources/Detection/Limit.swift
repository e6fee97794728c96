/// A level that must not be crossed, with a second one that has to be crossed back (hysteresis): a number that
/// wanders about one level would otherwise raise and clear in turn.
public enum Limit: Codable, Sendable, Equatable {
    /// Bad when below `raise`; good again when at or above `clear`.
    case below(raise: Double, clear: Double)
    /// Bad when above `raise`; good again when at or below `clear`.
    case above(raise: Double, clear: Double)

    public var raise: Double {
        switch self {
        case .below(let raise, _), .above(let raise, _): raise
        }
    }

    public var clear: Double {
        switch self {
        case .below(_, let clear), .above(_, let clear): clear
        }
    }

    /// Whether the value lies beyond the raise level. A value equal to it does not.
    public func isExceeded(by value: Double) -> Bool {
        switch self {
        case .below(let raise, _): value < raise
        case .above(let raise, _): value > raise
        }
    }

    /// The end of an interval that leaves the allowed region last.
    func nearEnd(low: Double, high: Double) -> Double {
        switch self {
        case .below: high
        case .above: low
        }
    }

    /// Whether the value lies at the clear level or on the good side of it.
    public func isCleared(by value: Double) -> Bool {
        switch self {
        case .below(_, let clear): value >= clear
        case .above(_, let clear): value <= clear
        }
    }

    /// Whether both levels are finite and the clear level is not on the bad side of the raise level.
    public var isOrdered: Bool {
        guard raise.isFinite, clear.isFinite else { return false }
        switch self {
        case .below(let raise, let clear): return clear >= raise
        case .above(let raise, let clear): return clear <= raise
        }
    }
}

/// N of M: how many of the last `of` judged windows must be beyond the limit before a verdict is raised.
public struct Persistence: Codable, Sendable, Equatable {
    public let required: Int
    public let of: Int

    /// - Precondition: `1 ≤ required ≤ of`.
    public init(required: Int, of: Int) {
        precondition(required >= 1 && required <= of, "persistence is N of M with 1 ≤ N ≤ M")
        self.required = required
        self.of = of
    }
}
