/// A statistic of whole rows, by its name in configurations and reports.
public enum MultivariateStatistic: String, Codable, Sendable, CaseIterable {
    /// ROC AUC of a classifier told to separate reference rows from window rows.
    case domainClassifier = "domain_classifier"
    /// Change of the mean reconstruction error over its spread.
    case pcaReconstruction = "pca_reconstruction"
    /// Maximum mean discrepancy.
    case mmd
}

/// What a statistic of whole rows found.
public struct MultivariateResult: Sendable, Equatable {
    public let statistic: MultivariateStatistic
    /// Finite; present exactly where the status is `ok`.
    public let value: Double?
    /// Of "reference and window are from one distribution", in 0…1; present where the value is.
    public let pValue: Double?
    /// Of "the window's distribution is within the reference's own sampling error", for evidence that is added up over many
    /// windows held against one reference: given the reference, such p-values are independent. Present where the value is.
    public internal(set) var tolerancePValue: Double?
    /// The size of the change on a scale that the three statistics share: the shift of one column, in standard
    /// deviations, that would look as large. Never negative; 0 where the value is below what chance gives.
    public let effect: Double?
    /// 95 % confidence interval of the value, where the statistic has one.
    public let low: Double?
    public let high: Double?
    public let status: StatisticStatus
    /// How the p-value was computed, or why there is no value.
    public let method: String
    /// The columns that the statistic saw the change in, most telling first, with their shares of it; empty where it
    /// does not tell.
    public let columns: [ColumnShare]

    public struct ColumnShare: Sendable, Equatable, Codable {
        public let column: String
        /// 0…1; the shares add up to 1.
        public let share: Double

        public init(column: String, share: Double) {
            self.column = column
            self.share = share
        }
    }

    /// A value that is not finite becomes an error.
    init(
        _ statistic: MultivariateStatistic, value: Double, pValue: Double, tolerancePValue: Double, effect: Double,
        bounds: ConfidenceInterval.Bounds? = nil, method: String, columns: [ColumnShare] = []
    ) {
        self.statistic = statistic
        let isFinite = value.isFinite && pValue.isFinite && tolerancePValue.isFinite && effect.isFinite
        self.value = isFinite ? value : nil
        self.pValue = isFinite ? min(1, max(0, pValue)) : nil
        self.tolerancePValue = isFinite ? min(1, max(0, tolerancePValue)) : nil
        self.effect = isFinite ? max(0, effect) : nil
        low = isFinite ? bounds?.low : nil
        high = isFinite ? bounds?.high : nil
        status = isFinite ? .ok : .error
        self.method = isFinite ? method : "overflow"
        self.columns = isFinite ? columns : []
    }

    /// No value, and why.
    /// - Precondition: the status is not `ok`.
    public init(_ statistic: MultivariateStatistic, status: StatisticStatus, method: String) {
        precondition(status != .ok, "a statistic without a value says why")
        self.statistic = statistic
        self.status = status
        self.method = method
        (value, pValue, tolerancePValue, effect, low, high) = (nil, nil, nil, nil, nil, nil)
        columns = []
    }
}
