/// How much of a difference the reference's own sampling error explains.
enum MultivariateTolerance {
    /// The two-sided 0.999 quantile of the normal distribution: the reference is off by no more than so many standard
    /// errors.
    static let standardErrors = 3.2905
}

/// A reference's rows, ready to hold windows against.
public struct MultivariateReference: Sendable {
    /// The classifier's part: the cross-validated comparison of two sets of rows (`DomainClassifier.compare`), made by
    /// whoever has a learner.
    public typealias Classification =
        @Sendable (_ reference: MultivariateRows, _ window: MultivariateRows, _ dispersion: Double) ->
        MultivariateResult

    public let rows: MultivariateRows
    private let reconstruction: PrincipalComponentReconstruction
    private let discrepancy: MaximumMeanDiscrepancy

    /// - Parameter rows: in order of time where it is known, so that rows which depend on their neighbours are noticed.
    public init(_ rows: MultivariateRows, seed: UInt64) {
        self.rows = rows
        let encoder = MultivariateEncoder(reference: rows)
        let encoded = encoder.encode(rows)
        reconstruction = PrincipalComponentReconstruction(encoder: encoder, encoded: encoded)
        discrepancy = MaximumMeanDiscrepancy(encoder: encoder, encoded: encoded, seed: seed)
    }

    /// How much more stretches of the reference vary than those of independent rows would; at least 1.
    public var dispersion: Double { max(reconstruction.dispersion, discrepancy.dispersion) }

    public func compare(
        _ window: MultivariateRows, by statistic: MultivariateStatistic, classification: Classification
    ) -> MultivariateResult {
        switch statistic {
        case .pcaReconstruction: reconstruction.compare(window)
        case .mmd: discrepancy.compare(window)
        case .domainClassifier: classification(rows, window, dispersion)
        }
    }
}
