/// How a linear model is fitted. The objectives are those of scikit-learn; s are the row weights, ρ is `l1Ratio`, w the
/// coefficients without the intercept, which is never penalised.
///
/// - Regression, as `ElasticNet`: Σ s (y − ŷ)² ÷ (2 Σ s) + α (ρ ‖w‖₁ + (1 − ρ) ‖w‖² ÷ 2). `Ridge(alpha: a)` is this
///   with ρ = 0 and α = a ÷ Σ s.
/// - Classification, as `LogisticRegression`: C Σ s · (logistic loss, or cross-entropy of the softmax over all classes)
///   + ρ ‖w‖₁ + (1 − ρ) ‖w‖² ÷ 2.
///
/// The penalty counts coefficients in the units of the columns: scale them first, unless they are of one kind.
public struct LinearParameters: Codable, Sendable, Equatable {
    /// α, the strength of the penalty of a regression; 0 is least squares.
    public var alpha = 0.001
    /// C, the inverse of the strength of the penalty of a classification, above 0.
    public var inverseStrength = 1.0
    /// ρ: 0 is ridge, 1 is lasso, between them the elastic net.
    public var l1Ratio = 0.0
    public var fitsIntercept = true
    /// Newton steps, and sweeps over the coefficients within each.
    public var maximumIterations = 1_000
    /// The greatest slope of the objective that counts as none, per row, with columns and target at unit variance.
    public var tolerance = 1e-8

    public init(alpha: Double = 0.001, inverseStrength: Double = 1, l1Ratio: Double = 0) {
        self.alpha = alpha
        self.inverseStrength = inverseStrength
        self.l1Ratio = l1Ratio
    }

    /// Absent keys take the defaults, so that a configuration names only what it changes.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        alpha = try values.decodeIfPresent(Double.self, forKey: .alpha) ?? alpha
        inverseStrength = try values.decodeIfPresent(Double.self, forKey: .inverseStrength) ?? inverseStrength
        l1Ratio = try values.decodeIfPresent(Double.self, forKey: .l1Ratio) ?? l1Ratio
        fitsIntercept = try values.decodeIfPresent(Bool.self, forKey: .fitsIntercept) ?? fitsIntercept
        maximumIterations = try values.decodeIfPresent(Int.self, forKey: .maximumIterations) ?? maximumIterations
        tolerance = try values.decodeIfPresent(Double.self, forKey: .tolerance) ?? tolerance
    }

    /// - Throws: `LearningError(.invalidParameter)` naming the first parameter out of its range.
    public func validate() throws(LearningError) {
        try ParameterRange.require(alpha >= 0 && alpha <= 1e100, "alpha", alpha, "0 or more")
        try ParameterRange.require(
            inverseStrength >= 1e-100 && inverseStrength <= 1e100, "inverseStrength", inverseStrength,
            "a finite number above 0")
        try ParameterRange.require(l1Ratio >= 0 && l1Ratio <= 1, "l1Ratio", l1Ratio, "0 to 1")
        try ParameterRange.require(
            (1...1_000_000).contains(maximumIterations), "maximumIterations", maximumIterations, "1 to 1,000,000")
        try ParameterRange.require(
            tolerance >= 1e-14 && tolerance < 1, "tolerance", tolerance, "at least 1e-14 and below 1")
    }
}

/// How the fitting of a linear model ended.
public struct LinearConvergence: Codable, Sendable, Equatable {
    /// Whether the objective's slope fell below the tolerance; if not, more iterations or a stronger penalty may help.
    public var isConverged: Bool
    /// Newton steps (classification), or sweeps over the coefficients (regression; 0 for a direct solution).
    public var iterations: Int
    /// The greatest slope left.
    public var slope: Double
}
