/// Sums over the pairs of a regression model, as integers.
///
/// A value v is taken as round(v · scale) with `scale` a power of two (default 2²⁰, about 10⁻⁶ of the target's unit),
/// clamped at ±2⁴⁷ (at the default ±1.3·10⁸) and then counted as saturated; squares are at most 2⁹⁶, so that an `Int128`
/// holds 2³¹ pairs at the clamp and far more of any real target.
struct ErrorSums: Sendable, Equatable {
    static let clamp: Double = 0x1p47

    let scale: Double
    var count: Int64 = 0
    var saturated: Int64 = 0
    var absolute: Int128 = 0
    var squares: Int128 = 0
    var targets: Int128 = 0
    var targetSquares: Int128 = 0

    /// - Parameters: both finite.
    mutating func add(predicted: Double, actual: Double) {
        let (target, isTargetClamped) = fixed(actual)
        let (error, isErrorClamped) = fixed(predicted - actual)
        count += 1
        if isTargetClamped || isErrorClamped { saturated += 1 }
        absolute += Int128(error.magnitude)
        squares += Int128(error) * Int128(error)
        targets += Int128(target)
        targetSquares += Int128(target) * Int128(target)
    }

    private func fixed(_ value: Double) -> (Int64, isClamped: Bool) {
        let scaled = value * scale
        let clamped = min(max(scaled, -Self.clamp), Self.clamp)
        return (FixedPoint.rounded(clamped), clamped != scaled)
    }

    mutating func merge(_ other: ErrorSums) {
        count = FixedPoint.saturatingSum(count, other.count)
        saturated = FixedPoint.saturatingSum(saturated, other.saturated)
        absolute = Self.sum(absolute, other.absolute)
        squares = Self.sum(squares, other.squares)
        targets = Self.sum(targets, other.targets)
        targetSquares = Self.sum(targetSquares, other.targetSquares)
    }

    private static func sum(_ left: Int128, _ right: Int128) -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (left < 0 ? .min : .max) : sum
    }

    /// In units of the target.
    var meanAbsolute: Double { Double(absolute) / scale / Double(count) }
    var meanSquare: Double { Double(squares) / scale / scale / Double(count) }

    /// Σ(y − ȳ)² in units of 1/scale², from integers: with ȳ = q + r/n, it is Σy² − q(Σy + r) − r²/n, and only the last
    /// term is rounded. No cancellation, however far the target is from zero.
    var targetDeviations: Double {
        guard count > 0 else { return 0 }
        let (quotient, rest) = targets.quotientAndRemainder(dividingBy: Int128(count))
        let whole = targetSquares &- quotient &* (targets &+ rest)
        return max(0, Double(whole) - Double(rest) * Double(rest) / Double(count))
    }
}
