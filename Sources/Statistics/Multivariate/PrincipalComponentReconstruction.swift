import CBoostMath

/// Whether a window's rows are reconstructed by the reference's principal components as well as the reference's own.
///
/// The mean reconstruction error e of NannyML, with a test of its own. Components fitted on some rows reconstruct those
/// too well, so the reference is cut in halves A (even rows) and B (odd rows): components of A score B and the window,
/// components of B score A and the window. Each half's errors are cut into ten chunks of neighbouring rows, c rows each, whose
/// means have the variance s² within the halves (18 degrees of freedom). With Δ the window's mean error less the reference's,
/// each the mean over both fits,
///
///     z = Δ / (s·√(c/n + 1/20)),
///
/// n the rows of the window, follows Student's t with 18 degrees of freedom where nothing has changed. Chunks of neighbouring
/// rows allow for some dependence between them. z is the value: positive where the window is reconstructed worse, negative where
/// better. The effect is |Δ| over the standard deviation of a row's error.
///
/// It sees changes of the linear relations between columns, and of scale. It does not see a change of means within the components.
/// Source: NannyML 0.13, `DataReconstructionDriftCalculator`; chunks instead of its threshold of three standard deviations, which
/// alarms on 6 % of undrifted chunks.
public struct PrincipalComponentReconstruction: Sendable {
    /// Fewer rows than this in the reference, or in a window, are `insufficient`.
    public static let minimumReference = 200
    public static let minimumWindow = 30
    static let chunksPerHalf = 10

    private struct Half: Sendable {
        var components: PrincipalComponents
        /// Of the other half's rows.
        var mean: Double
        var chunkMeans: [Double]
        var chunkRows: Double
        var rowDeviation: Double
    }

    public let encoder: MultivariateEncoder
    private let halves: [Half]
    private let refusal: MultivariateResult?

    public init(reference: MultivariateRows) {
        self.init(encoder: MultivariateEncoder(reference: reference), reference: reference)
    }

    /// - Parameter encoder: fitted on the same reference.
    public init(encoder: MultivariateEncoder, reference: MultivariateRows) {
        self.init(encoder: encoder, encoded: encoder.encode(reference))
    }

    init(encoder: MultivariateEncoder, encoded: RowMatrix) {
        self.encoder = encoder
        refusal = Self.refusal(rows: encoded.count, width: encoded.width)
        guard refusal == nil else {
            halves = []
            return
        }
        let parts = (0..<2).map { side in encoded.rows(Array(stride(from: side, to: encoded.count, by: 2))) }
        halves = [(0, 1), (1, 0)].compactMap { fitted, held in
            guard let components = PrincipalComponents(parts[fitted]) else { return nil }
            return Self.half(components, errors: components.reconstructionErrors(parts[held]))
        }
    }

    private static func refusal(rows: Int, width: Int) -> MultivariateResult? {
        if rows == 0 { return MultivariateResult(.pcaReconstruction, status: .noData, method: "no reference rows") }
        if width == 0 { return MultivariateResult(.pcaReconstruction, status: .noData, method: "no usable columns") }
        guard rows >= minimumReference else {
            return MultivariateResult(
                .pcaReconstruction, status: .insufficient, method: "fewer than \(minimumReference) reference rows")
        }
        return nil
    }

    private static func half(_ components: PrincipalComponents, errors: [Double]) -> Half {
        let rows = errors.count / chunksPerHalf
        let chunks = (0..<chunksPerHalf).map { chunk in
            Self.mean(errors[(chunk * rows)..<((chunk + 1) * rows)])
        }
        let mean = Self.mean(errors[...])
        let squares = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Half(
            components: components, mean: mean, chunkMeans: chunks, chunkRows: Double(rows),
            rowDeviation: (squares / Double(max(1, errors.count - 1))).squareRoot())
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    public func compare(_ window: MultivariateRows) -> MultivariateResult { compare(encoder.encode(window)) }

    func compare(_ window: RowMatrix) -> MultivariateResult {
        if let refusal { return refusal }
        guard halves.count == 2 else {
            return MultivariateResult(.pcaReconstruction, status: .error, method: "no eigenvalues")
        }
        guard window.count > 0 else {
            return MultivariateResult(.pcaReconstruction, status: .noData, method: "no rows in the window")
        }
        guard window.count >= Self.minimumWindow else {
            return MultivariateResult(
                .pcaReconstruction, status: .insufficient, method: "fewer than \(Self.minimumWindow) rows in the window"
            )
        }
        return test(halves.map { $0.components.reconstructionErrors(window) }, rows: Double(window.count))
    }

    /// By the spread of single rows, which is known better than that of twenty chunks, times the dispersion.
    private func tolerancePValue(_ change: Double, deviation: Double, rows: Double) -> Double {
        guard deviation > 0 else { return 1 }
        let spread = deviation * dispersion.squareRoot()
        let all = halves.reduce(0) { $0 + $1.chunkRows * Double($1.chunkMeans.count) }
        let excess = change - MultivariateTolerance.standardErrors * spread / all.squareRoot()
        return excess > 0 ? 2 * td_normal_upper_tail(excess / spread * rows.squareRoot()) : 1
    }

    /// How much more the means of the reference's chunks vary than those of independent rows would; at least 1.
    public var dispersion: Double {
        let parts = halves.filter { $0.rowDeviation > 0 }.map { half in
            let centre = Self.mean(half.chunkMeans[...])
            let squares = half.chunkMeans.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
            return squares / Double(half.chunkMeans.count - 1) * half.chunkRows
                / (half.rowDeviation * half.rowDeviation)
        }
        return max(1, parts.isEmpty ? 1 : parts.reduce(0, +) / Double(parts.count))
    }

    private func test(_ errors: [[Double]], rows: Double) -> MultivariateResult {
        let means = errors.map { Self.mean($0[...]) }
        let change = zip(means, halves).reduce(0) { $0 + ($1.0 - $1.1.mean) / 2 }
        let deviation = halves.reduce(0) { $0 + $1.rowDeviation / 2 }
        let chunks = Double(halves.reduce(0) { $0 + $1.chunkMeans.count })
        let degrees = chunks - 2
        let squares = halves.reduce(0.0) { sum, half in
            let centre = Self.mean(half.chunkMeans[...])
            return sum + half.chunkMeans.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
        }
        var error = (squares / degrees * (halves[0].chunkRows / rows + 1 / chunks)).squareRoot()
        var freedom = degrees
        if error <= 1e-12 * max(means[0], means[1]) {
            // A reference without any spread of its own: the window's is all there is to go by.
            let own = errors[0].reduce(0) { $0 + ($1 - means[0]) * ($1 - means[0]) }
            error = (own / (rows - 1) / rows).squareRoot()
            freedom = rows - 1
        }
        guard change.magnitude > 1e-12 * max(means[0], means[1]) else {
            return MultivariateResult(
                .pcaReconstruction, value: 0, pValue: 1, tolerancePValue: 1, effect: 0, method: "student_t")
        }
        // The whole window moved by one and the same distance from rows that were all alike.
        let z = error > 0 ? change / error : (change > 0 ? 1_000 : -1_000)
        return MultivariateResult(
            .pcaReconstruction, value: min(1_000, max(-1_000, z)),
            pValue: 2 * td_student_t_upper_tail(z.magnitude, freedom),
            tolerancePValue: tolerancePValue(change.magnitude, deviation: deviation, rows: rows),
            effect: deviation > 0 ? min(1_000, change.magnitude / deviation) : 1_000, method: "student_t")
    }
}
