import Statistics

/// What a comparison calls drift. The defaults are those of STATISTICS.md.
public struct ComparisonOptions: Sendable, Equatable {
    /// How p-values are corrected for the number of columns.
    public enum Correction: String, Sendable, CaseIterable {
        /// Benjamini–Hochberg: bounds the share of false names among the columns named.
        case falseDiscoveryRate = "bh"
        /// Holm: bounds the chance of a single false name.
        case familyWise = "holm"
    }

    /// A corrected p-value below this is evidence.
    public var significance = 0.05
    /// The smallest `psi_excess` that matters: the effect gate.
    public var minimumEffect = 0.02
    /// From this `psi_excess` on a drifted column is critical.
    public var criticalEffect = 0.2
    /// A table with fewer rows is `insufficient`.
    public var minimumRows = 30
    public var correction = Correction.falseDiscoveryRate
    /// Rows of either table that the statistics of whole rows look at, at most.
    public var maximumSampledRows = 10_000

    public init() {}

    /// The statistics shown when none are named.
    static func shown(for kind: ColumnKind) -> [DriftStatistic] {
        switch kind {
        case .numeric: [.psi, .psiExcess, .ks, .wassersteinNormalized, .jensenShannon, .missingRate]
        case .categorical, .boolean: [.psi, .psiExcess, .chiSquare, .jensenShannon, .missingRate]
        }
    }

    /// The order in which statistics are written, wherever they are.
    static let order = DriftStatistic.allCases.map(\.rawValue)
}

/// The comparison cannot start as asked: a mistake on the command line.
public struct ComparisonError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Sendable { case unknownColumn, noColumns }

    public let code: Code
    /// What is wrong and what would be right.
    public let message: String

    public var description: String { message }
}
