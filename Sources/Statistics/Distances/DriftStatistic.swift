/// A distance between a window and its reference, by its name in configurations and reports.
public enum DriftStatistic: String, Codable, Sendable, CaseIterable {
    case psi
    /// PSI less its bias under no drift.
    case psiExcess = "psi_excess"
    case kl
    case jensenShannon = "jensen_shannon"
    case hellinger
    case totalVariation = "total_variation"
    case lInfinity = "l_infinity"
    case ks
    case cramerVonMises = "cramer_von_mises"
    /// Normalised, so that it is around zero without drift.
    case andersonDarling = "anderson_darling"
    case chiSquare = "chi_square"
    case gTest = "g_test"
    case wasserstein
    case wassersteinNormalized = "wasserstein_normalized"
    case energy
    /// Absolute difference of the shares of missing values.
    case missingRate = "missing_rate"

    /// Whether the statistic has a meaning for columns of the kind: those that need an order have none for categories.
    public func isDefined(for kind: ColumnKind) -> Bool {
        switch self {
        case .ks, .cramerVonMises, .andersonDarling, .wasserstein, .wassersteinNormalized, .energy: kind == .numeric
        case .psi, .psiExcess, .kl, .jensenShannon, .hellinger, .totalVariation, .lInfinity, .chiSquare, .gTest,
            .missingRate:
            true
        }
    }
}

/// Whether a statistic has a value.
public enum StatisticStatus: String, Codable, Sendable {
    case ok
    /// Too few values for the statistic to mean anything.
    case insufficient
    /// Nothing to compare on one side.
    case noData = "no_data"
    /// Not defined for this column.
    case error
}

/// One number of a comparison.
public struct StatisticValue: Sendable, Equatable {
    /// Finite; present exactly where the status is `ok`.
    public let value: Double?
    /// In 0…1; `nil` where the statistic has none.
    public let pValue: Double?
    public let status: StatisticStatus
    /// How the p-value was computed, or why there is no value.
    public let method: String?
    /// How far the value may be from the one on the single values; `nil` where it is exact or not known.
    public let errorBound: Double?

    /// A value that is not finite becomes an error.
    public init(value: Double, pValue: Double? = nil, method: String? = nil, errorBound: Double? = nil) {
        let isFinite = value.isFinite
        self.value = isFinite ? value : nil
        self.pValue = isFinite ? pValue : nil
        status = isFinite ? .ok : .error
        self.method = isFinite ? method : "overflow"
        self.errorBound = isFinite ? errorBound : nil
    }

    /// No value.
    /// - Precondition: the status is not `ok`.
    public init(status: StatisticStatus, method: String? = nil) {
        precondition(status != .ok, "a statistic without a value says why")
        self.status = status
        self.method = method
        value = nil
        pValue = nil
        errorBound = nil
    }
}
