/// Sums over the pairs of a regression model, as integers.
///
/// A value v is taken as round(v · scale) with `scale` a power of two (default 2²⁰, about 10⁻⁶ of the target's unit),
/// clamped at ±2⁴⁷ (at the default ±1.3·10⁸) and then counted as saturated; squares are at most 2⁹⁴, so that an `Int128`
/// holds 2³³ pairs at the clamp and far more of any real target. Fourth powers go into `WideSum`s. An error relative to
/// its outcome is kept in units of 2⁻³⁰ and clamped at 2²⁰.
struct ErrorSums: Sendable, Equatable {
    static let clamp: Double = 0x1p47
    static let relativeUnit: Double = 0x1p30
    static let relativeClamp: Double = 0x1p20

    let scale: Double
    var count: Int64 = 0
    var saturated: Int64 = 0
    /// Pairs whose outcome is not zero: the others have no relative error.
    var relativeCount: Int64 = 0
    var errors: Int128 = 0
    var absolute: Int128 = 0
    var squares: Int128 = 0
    /// Squares of the errors above zero only.
    var squaresOver: Int128 = 0
    var targets: Int128 = 0
    var targetSquares: Int128 = 0
    var relative: Int128 = 0
    var relativeSquares: Int128 = 0
    /// Σe⁴, Σe²y, Σe²y², Σy³, Σy⁴: what the intervals of squared errors and of R² need.
    var fourth = WideSum()
    var squaresByTarget = WideSum()
    var squaresByTargetSquare = WideSum()
    var targetCubes = WideSum()
    var targetFourths = WideSum()

    init(scale: Double) { self.scale = scale }

    /// - Parameters: both finite.
    mutating func add(predicted: Double, actual: Double) {
        let (target, isTargetClamped) = fixed(actual)
        let (error, isErrorClamped) = fixed(predicted - actual)
        var isClamped = isTargetClamped || isErrorClamped
        count += 1
        errors += Int128(error)
        absolute += Int128(error.magnitude)
        let square = Int128(error) * Int128(error)
        squares += square
        if error > 0 { squaresOver += square }
        targets += Int128(target)
        let targetSquare = Int128(target) * Int128(target)
        targetSquares += targetSquare
        fourth += WideSum(square, times: square)
        squaresByTarget += WideSum(square, times: Int128(target))
        squaresByTargetSquare += WideSum(square, times: targetSquare)
        targetCubes += WideSum(targetSquare, times: Int128(target))
        targetFourths += WideSum(targetSquare, times: targetSquare)
        if actual != 0 {
            let share = ((predicted - actual) / actual).magnitude
            let clamped = min(share, Self.relativeClamp)
            if clamped != share { isClamped = true }
            let term = Int128(FixedPoint.rounded(clamped * Self.relativeUnit))
            relativeCount += 1
            relative += term
            relativeSquares += term * term
        }
        if isClamped { saturated += 1 }
    }

    private func fixed(_ value: Double) -> (Int64, isClamped: Bool) {
        let scaled = value * scale
        let clamped = min(max(scaled, -Self.clamp), Self.clamp)
        return (FixedPoint.rounded(clamped), clamped != scaled)
    }

    static var counts: [WritableKeyPath<ErrorSums, Int64>] { [\.count, \.saturated, \.relativeCount] }
    /// Those that cannot be negative, and those that can.
    static var positiveSums: [WritableKeyPath<ErrorSums, Int128>] {
        [
            \.absolute, \.squares, \.squaresOver, \.targetSquares, \.relative, \.relativeSquares,
        ]
    }
    static var signedSums: [WritableKeyPath<ErrorSums, Int128>] { [\.errors, \.targets] }
    static var wideSums: [WritableKeyPath<ErrorSums, WideSum>] {
        [
            \.fourth, \.squaresByTarget, \.squaresByTargetSquare, \.targetCubes, \.targetFourths,
        ]
    }

    mutating func merge(_ other: ErrorSums) {
        for path in Self.counts {
            self[keyPath: path] = FixedPoint.saturatingSum(self[keyPath: path], other[keyPath: path])
        }
        for path in Self.positiveSums + Self.signedSums {
            self[keyPath: path] = Self.sum(self[keyPath: path], other[keyPath: path])
        }
        for path in Self.wideSums { self[keyPath: path] += other[keyPath: path] }
    }

    private static func sum(_ left: Int128, _ right: Int128) -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (left < 0 ? .min : .max) : sum
    }

    /// Σ(y − ȳ)² in units of 1/scale², from integers: with ȳ = q + r/n, it is Σy² − q(Σy + r) − r²/n, and only the last
    /// term is rounded. No cancellation, however far the target is from zero.
    var targetDeviations: Double {
        guard count > 0 else { return 0 }
        let (quotient, rest) = targets.quotientAndRemainder(dividingBy: Int128(count))
        let whole = targetSquares &- quotient &* (targets &+ rest)
        return max(0, Double(whole) - Double(rest) * Double(rest) / Double(count))
    }

    /// The moments in the target's unit. Fourth powers are taken about the whole part of the mean, in integers.
    var moments: RegressionMoments {
        var moments = RegressionMoments(count: count)
        guard count > 0 else { return moments }
        let n = Double(count)
        let (one, two, four) = (scale * n, scale * scale * n, scale * scale * scale * scale * n)
        moments.error = Double(errors) / one
        moments.absolute = Double(absolute) / one
        moments.square = Double(squares) / two
        moments.squareOver = Double(squaresOver) / two
        moments.fourth = fourth.double / four
        moments.targetVariance = targetDeviations / two
        let center = Int64(clamping: targets / Int128(count))
        let mixed =
            squaresByTargetSquare + -(squaresByTarget * center * 2) + WideSum(squares, times: 1) * center * center
        moments.mixed = max(0, mixed.double / four)
        let deviations =
            targetFourths + -(targetCubes * center * 4) + WideSum(targetSquares, times: 6) * center * center
            + -(WideSum(targets, times: 4) * center * center * center)
            + WideSum(Int128(count), times: 1) * center * center * center * center
        moments.targetFourth = max(0, deviations.double / four)
        moments.relativeCount = relativeCount
        if relativeCount > 0 {
            moments.relative = Double(relative) / Self.relativeUnit / Double(relativeCount)
            moments.relativeSquare =
                Double(relativeSquares) / Self.relativeUnit / Self.relativeUnit / Double(relativeCount)
        }
        return moments
    }
}
