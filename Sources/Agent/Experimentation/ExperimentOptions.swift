import Statistics

/// How an experiment is analysed, by its name on the command line.
public enum ExperimentMethod: String, Sendable, CaseIterable {
    case z, welch
    case mannWhitney = "mann_whitney"
    case fisher, bootstrap, msprt
    case confidenceSequence = "confidence_sequence"
    case groupSequential = "group_sequential"
    case bayesian

    /// Whether the answer holds at every look, or only at the one that was planned.
    var isSequential: Bool {
        switch self {
        case .msprt, .confidenceSequence, .groupSequential: true
        case .z, .welch, .mannWhitney, .fisher, .bootstrap, .bayesian: false
        }
    }

    /// Whether the metric must be 0 or 1.
    var needsProportion: Bool { self == .z || self == .fisher || self == .bayesian }

    /// Whether it compares means, so that covariates can be taken out first.
    var takesCovariates: Bool { !needsProportion && self != .mannWhitney }
}

/// What `tidewatch experiment analyze` was asked.
public struct ExperimentOptions: Sendable {
    public var path: String
    /// The column that names the variant of each row.
    public var variant: String
    /// The metric that decides, then those that are reported with corrected p-values.
    public var metrics: [String]
    /// `nil`: z for a metric of 0 and 1, Welch's t otherwise.
    public var method: String?
    /// Columns measured before the experiment (CUPED).
    public var covariates: [String] = []
    /// `nil`: `control`, `a`, `baseline`, `old`, `0` or `false`, else the first name in order.
    public var control: String?
    public var alpha = 0.05
    /// `a=0.5,b=0.5`; `nil`: even.
    public var allocation: String?
    /// Columns that must not get worse: `latency:lower` where lower is better, `errors:lower:0.01` with accepted harm.
    public var guardrails: [String] = []
    /// Total sample sizes of the scheduled looks, for `group_sequential`.
    public var looks: String?
    public var spending = "obrien_fleming"
    /// The spread of effects, for `msprt`; `nil`: a tenth of the metric's standard deviation.
    public var tau: Double?
    /// The sample size at which `confidence_sequence` is narrowest.
    public var tunedFor = 5_000.0
    public var isLowerBetter = false
    public var minimumSample: Int64 = 0
    public var plannedSample: Int64?
    public var daysRunning: Double?
    public var maximumDays: Double?
    /// Effects smaller than this, in the metric's unit, do not matter.
    public var irrelevantBelow = 0.0
    /// `holm` or `bh`.
    public var correction = "holm"
    public var resamples = 2_000
    public var seed: UInt64 = 1
    /// text, json or html.
    public var format = "text"
    public var outputPath: String?
    public var isQuiet = false

    public init(path: String, variant: String, metrics: [String]) {
        self.path = path
        self.variant = variant
        self.metrics = metrics
    }
}

/// The experiment cannot be analysed as asked: a mistake on the command line or in the table.
struct ExperimentError: Error, Equatable, CustomStringConvertible {
    /// What is wrong, where, and what would be right.
    let description: String

    init(_ description: String) { self.description = description }
}

/// SplitMix64, so that a bootstrap gives the same numbers for the same seed.
struct ResamplingGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
