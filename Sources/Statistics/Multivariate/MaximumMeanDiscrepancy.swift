import Foundation

/// The distance between the mean Fourier features of the reference and a window: any change of the joint distribution.
///
/// T = ‖φ̄(window) − φ̄(reference)‖² has, with E = (1 − ‖φ̄ref‖²)/(m − 1) + (1 − ‖φ̄win‖²)/(n − 1), the expectation E where nothing
/// has changed, exactly, because every feature vector has length 1. T − E is the unbiased MMD² of Gretton et al. 2012 (for the
/// kernel of the features); the value is √max(0, T − E). Without drift T follows Σ λᵢ·χ²₁, λ the eigenvalues of the features'
/// covariance times (1/m + 1/n): its tail is taken from three moments (`WeightedChiSquare`), the first of them E, the others
/// from the reference's covariance less their bias.
///
/// The effect is δ with MMD² = δ²·(1/(D·p))·Σ|ψ(ωⱼ)|²‖ωⱼ‖², the discrepancy of a small shift by δ in one of the p encoded
/// columns, ψ the reference's characteristic function.
public struct MaximumMeanDiscrepancy: Sendable {
    /// Fewer rows than this on a side are `insufficient`.
    public static let minimumRows = 30
    /// Rows of the reference that the covariance is taken from, evenly spaced.
    static let covarianceRows = 2_000

    public let encoder: MultivariateEncoder
    public let features: FourierFeatures
    public let reference: FourierSums
    /// Σλ²/(Σλ)² and Σλ³/(Σλ)³ of the features' covariance.
    private let shape: (second: Double, third: Double)
    /// How much more the means of ten stretches of the reference vary than those of independent rows would; at least 1.
    public let dispersion: Double

    public init(reference: MultivariateRows, seed: UInt64) {
        self.init(encoder: MultivariateEncoder(reference: reference), reference: reference, seed: seed)
    }

    /// - Parameter encoder: fitted on the same reference.
    public init(encoder: MultivariateEncoder, reference: MultivariateRows, seed: UInt64) {
        self.init(encoder: encoder, encoded: encoder.encode(reference), seed: seed)
    }

    init(encoder: MultivariateEncoder, encoded: RowMatrix, seed: UInt64) {
        self.encoder = encoder
        features = FourierFeatures(reference: encoded, seed: seed)
        reference = features.sums(encoded)
        let kept = min(encoded.count, Self.covarianceRows)
        let rows = (0..<kept).map { $0 * encoded.count / kept }
        let sample = features.features(encoded.rows(rows))
        shape = Self.shape(sample)
        dispersion = Self.dispersion(sample)
    }

    private static func dispersion(_ features: RowMatrix) -> Double {
        let stretches = 10
        let length = features.count / stretches
        guard length >= 2 else { return 1 }
        let whole = features.rows(0..<(length * stretches))
        let means = whole.means
        let spread = Double(FourierFeatures.frequencies) - means.reduce(0) { $0 + $1 * $1 }
        guard spread > 1e-9 else { return 1 }
        let squares = (0..<stretches).reduce(0.0) { sum, stretch in
            let own = features.rows((stretch * length)..<((stretch + 1) * length)).means
            return sum + zip(own, means).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        return max(1, squares / Double(stretches - 1) * Double(length) / spread)
    }

    /// Power sums of the eigenvalues, by traces. The sample's own noise raises them by about (Σλ)²/m and
    /// 3·Σλ²·Σλ/m + (Σλ)³/m², which is taken off; within what eigenvalues can be.
    private static func shape(_ features: RowMatrix) -> (second: Double, third: Double) {
        guard features.count > 2 else { return (1, 1) }
        let covariance = features.covariance(around: features.means)
        let width = features.width
        var (first, second, third) = (0.0, 0.0, 0.0)
        covariance.withUnsafeBufferPointer { matrix in
            for i in 0..<width {
                first += matrix[i * width + i]
                for j in 0...i {
                    var product = 0.0
                    for k in 0..<width { product += matrix[i * width + k] * matrix[j * width + k] }
                    let times: Double = i == j ? 1 : 2
                    second += times * matrix[i * width + j] * matrix[i * width + j]
                    third += times * product * matrix[i * width + j]
                }
            }
        }
        guard first > 0 else { return (1, 1) }
        let rows = Double(features.count - 1)
        let least = 1 / Double(width)
        let squares = min(1, max(least, second / (first * first) - 1 / rows))
        let cubes = third / (first * first * first) - 3 * squares / rows - 1 / (rows * rows)
        return (squares, min(squares * squares.squareRoot(), max(squares * squares, cubes)))
    }

    /// The sums of a window or of a part of one.
    public func sums(_ rows: MultivariateRows) -> FourierSums { features.sums(encoder.encode(rows)) }

    public func compare(_ window: MultivariateRows) -> MultivariateResult { compare(sums(window)) }

    /// - Parameter window: counted by `sums`, merged or not.
    public func compare(_ window: FourierSums) -> MultivariateResult {
        guard reference.count > 0, window.count > 0, encoder.width > 0 else {
            let reason = encoder.width == 0 ? "no usable columns" : "no rows on a side"
            return MultivariateResult(.mmd, status: .noData, method: reason)
        }
        guard min(reference.count, window.count) >= Self.minimumRows else {
            return MultivariateResult(.mmd, status: .insufficient, method: "fewer than \(Self.minimumRows) rows")
        }
        let (left, right) = (reference.means, window.means)
        let distance = zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let expected = Self.expectation(left, reference.count) + Self.expectation(right, window.count)
        // Rows that are all alike, up to the rounding of the features.
        guard expected > 1e-12 else {
            return MultivariateResult(
                .mmd, value: distance.squareRoot(), pValue: distance > 1e-9 ? 0 : 1,
                tolerancePValue: distance > 1e-9 ? 0 : 1, effect: effect(distance, left), method: "no_spread")
        }
        let unbiased = max(0, distance - expected)
        return MultivariateResult(
            .mmd, value: unbiased.squareRoot(), pValue: WeightedChiSquare.upperTail(distance, sums: sums(expected)),
            tolerancePValue: tolerancePValue(distance, left, right, window.count), effect: effect(unbiased, left),
            method: "three_moments")
    }

    /// How far the window's mean features are from the truth, if the reference's are as far as they may be: distances
    /// add up at most (the triangle's inequality).
    private func tolerancePValue(_ distance: Double, _ left: [Double], _ right: [Double], _ count: Int64) -> Double {
        let own = Self.expectation(left, reference.count) * dispersion
        let window = Self.expectation(right, count) * dispersion
        let tolerance = own > 0 ? WeightedChiSquare.quantile(1 - 0.001, sums: sums(own)).squareRoot() : 0
        let rest = distance.squareRoot() - tolerance
        guard rest > 0 else { return 1 }
        return window > 0 ? WeightedChiSquare.upperTail(rest * rest, sums: sums(window)) : 0
    }

    /// The power sums of weights that add up to `first`.
    private func sums(_ first: Double) -> (Double, Double, Double) {
        (first, shape.second * first * first, shape.third * first * first * first)
    }

    private static func expectation(_ means: [Double], _ count: Int64) -> Double {
        max(0, 1 - means.reduce(0) { $0 + $1 * $1 }) / Double(count - 1)
    }

    private func effect(_ squared: Double, _ means: [Double]) -> Double {
        let (frequencies, width) = (FourierFeatures.frequencies, features.width)
        var sum = 0.0
        for frequency in 0..<frequencies {
            let (cosine, sine) = (means[frequency], means[frequencies + frequency])
            let direction = features.directions[(frequency * width)..<((frequency + 1) * width)]
            sum += (cosine * cosine + sine * sine) * direction.reduce(0) { $0 + $1 * $1 }
        }
        // The means carry 1/√D each, so that the sum over frequencies is their average.
        let slope = sum / Double(width)
        return slope > 0 ? min(1_000, (squared / slope).squareRoot()) : 0
    }
}

extension MaximumMeanDiscrepancy {
    /// The unbiased MMD² of two samples by all pairs, for kernel exp(−γ‖x − y‖²): what the features approximate. Can be
    /// negative. `nil` below two rows on a side. Time m·n.
    ///
    /// Source: Gretton et al. 2012, equation 3. The samples {0, 0} and {1, 1} with γ = 1: 2 − 2/e = 1.264.
    public static func squared(_ left: RowMatrix, _ right: RowMatrix, gamma: Double) -> Double? {
        guard left.count > 1, right.count > 1, left.width == right.width else { return nil }
        func mean(_ a: RowMatrix, _ b: RowMatrix, isSame: Bool) -> Double {
            var sum = 0.0
            for i in 0..<a.count {
                for j in 0..<b.count where !isSame || i != j {
                    sum += kernel(FourierFeatures.squaredDistance(a, i, b, j), gamma)
                }
            }
            return sum / Double(a.count) / Double(isSame ? a.count - 1 : b.count)
        }
        return mean(left, left, isSame: true) + mean(right, right, isSame: true)
            - 2 * mean(left, right, isSame: false)
    }
}

/// exp(−γ·d²).
private func kernel(_ squaredDistance: Double, _ gamma: Double) -> Double { exp(-gamma * squaredDistance) }
