import Statistics

/// What `tidewatch experiment analyze` found.
struct ExperimentReport: Sendable, Equatable {
    /// One arm, by the metric that decides.
    struct Variant: Sendable, Equatable {
        var variant: String
        /// Rows with a value.
        var count: Int64
        /// Rows assigned, with a value or without.
        var assigned: Int64
        /// `nil` without a value.
        var mean: Double?
        /// Bayesian only.
        var probabilityBest: Double?
        var expectedLoss: Double?
    }

    /// One treatment against the control on one metric.
    struct Comparison: Sendable, Equatable {
        var metric: String
        var variant: String
        var method: String
        var effect: ExperimentEffect
        /// The difference as a share of the control's mean; `nil` where that is 0.
        var lift: Double?
        /// Corrected over all variants and metrics; guardrails have none.
        var adjustedPValue: Double?
        var isHarmed = false
        /// Of the metric that decides only.
        var decision: ExperimentDecision?
    }

    var metric: String
    var isProportion: Bool
    var method: ExperimentMethod
    var alpha: Double
    var control: String
    var variants: [Variant]
    var rowsWithoutVariant: Int
    var sampleRatio: SampleRatio
    /// The deciding metric, one per treatment.
    var comparisons: [Comparison]
    var secondary: [Comparison]
    var guardrails: [Comparison]
    var covariates: [String]
    /// The share of the variance that the covariates took out.
    var reduction: Double?
    var decision: ExperimentDecision
    /// The index of the comparison that carries the decision.
    var leading: Int
    /// What the reader should know before believing the numbers.
    var notes: [String]

    var lead: Comparison { comparisons[leading] }
}
