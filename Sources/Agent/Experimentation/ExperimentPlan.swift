import Foundation
import Statistics

/// What `tidewatch experiment plan` was asked.
public struct ExperimentPlanOptions: Sendable {
    /// The control's mean or proportion.
    public var baseline: Double
    /// The difference to be found, in the metric's unit; `nil` where `size` is given instead.
    public var effect: Double?
    /// `proportion` or `mean`.
    public var metricKind = "proportion"
    /// Of a mean.
    public var deviation: Double?
    public var alpha = 0.05
    public var power = 0.8
    /// Shares of the variants, the control's first: `0.5,0.5` or `a=0.5,b=0.5`.
    public var allocation: String?
    /// The total sample size there will be.
    public var size: Int64?
    public var isJSON = false

    public init(baseline: Double) { self.baseline = baseline }
}

/// Sample size, power and the smallest effect found.
struct ExperimentPlan: Sendable {
    var metricKind: String
    var baseline: Double
    var effect: Double?
    var deviation: Double?
    /// Of each comparison: α over the number of treatments.
    var alpha: Double
    var overallAlpha: Double
    /// What was asked, or what the given size reaches.
    var power: Double?
    var arms: [(name: String, size: Int64)]
    /// The smallest effect that these sizes find with the asked power.
    var minimumEffect: Double?
    var askedPower: Double

    var total: Int64 { arms.reduce(0) { $0 + $1.size } }
}

extension ExperimentPlan {
    /// - Throws: `ExperimentError` for numbers that do not describe an experiment.
    init(_ options: ExperimentPlanOptions) throws(ExperimentError) {
        let shares = try Self.shares(options.allocation)
        try Self.check(options)
        metricKind = options.metricKind
        baseline = options.baseline
        effect = options.effect
        deviation = options.deviation
        overallAlpha = options.alpha
        askedPower = options.power
        alpha = options.alpha / Double(shares.count - 1)
        // The treatment with the smallest share is the hardest to judge.
        let smallest = shares.dropFirst().map(\.share).min() ?? 1
        let ratio = smallest / shares[0].share
        arms = []
        let control: Double
        if let size = options.size {
            control = Double(size) * shares[0].share
        } else {
            guard let effect = options.effect, let needed = Self.size(options, effect, alpha: alpha, ratio: ratio)
            else { throw ExperimentError("--effect: no sample size finds an effect of 0; give another, or --size") }
            control = needed
        }
        let total = control / shares[0].share
        guard total < 1e15 else {
            throw ExperimentError(
                options.size == nil
                    ? "--effect is too small: more than 10^15 observations are needed"
                    : "--size is at most 10^15 observations")
        }
        arms = shares.map { (name: $0.name, size: Int64(($0.share * total - 1e-9).rounded(.up))) }
        let (first, least) = (Double(arms[0].size), Double(arms.dropFirst().map(\.size).min() ?? 0))
        guard first >= 1, least >= 1 else { throw ExperimentError("--size leaves a variant without observations") }
        power = options.effect.map { Self.power(options, $0, size: first, alpha: alpha, ratio: least / first) }
        minimumEffect = Self.minimumEffect(options, size: first, alpha: alpha, ratio: least / first)
    }

    private static func size(
        _ options: ExperimentPlanOptions, _ effect: Double, alpha: Double, ratio: Double
    ) -> Double? {
        options.metricKind == "mean"
            ? MeanPower.sampleSize(
                effect: effect / (options.deviation ?? 1), alpha: alpha, power: options.power, ratio: ratio)
            : ProportionPower.sampleSize(
                control: options.baseline, treatment: options.baseline + effect, alpha: alpha,
                power: options.power, ratio: ratio)
    }

    private static func power(
        _ options: ExperimentPlanOptions, _ effect: Double, size: Double, alpha: Double, ratio: Double
    ) -> Double {
        options.metricKind == "mean"
            ? MeanPower.power(effect: effect / (options.deviation ?? 1), size: size, alpha: alpha, ratio: ratio)
            : ProportionPower.power(
                control: options.baseline, treatment: options.baseline + effect, size: size, alpha: alpha,
                ratio: ratio)
    }

    private static func minimumEffect(
        _ options: ExperimentPlanOptions, size: Double, alpha: Double, ratio: Double
    ) -> Double? {
        options.metricKind == "mean"
            ? MeanPower.minimumEffect(size: size, alpha: alpha, power: options.power, ratio: ratio)
                .map { $0 * (options.deviation ?? 1) }
            : ProportionPower.minimumEffect(
                control: options.baseline, size: size, alpha: alpha, power: options.power, ratio: ratio)
    }

    private static func check(_ options: ExperimentPlanOptions) throws(ExperimentError) {
        guard options.alpha > 0, options.alpha < 1 else {
            throw ExperimentError("--alpha lies between 0 and 1, and \(options.alpha) does not")
        }
        guard options.power > options.alpha, options.power < 1 else {
            throw ExperimentError("--power lies between α and 1, and \(options.power) does not")
        }
        guard options.effect != nil || options.size != nil else {
            throw ExperimentError("give --effect (to get the sample size) or --size (to get the smallest effect found)")
        }
        guard options.effect.map({ $0 != 0 && $0.isFinite }) ?? true else {
            throw ExperimentError("--effect is a difference in the metric's unit other than 0")
        }
        guard options.size.map({ $0 >= 4 }) ?? true else {
            throw ExperimentError("--size is the total number of observations, at least 4")
        }
        switch options.metricKind {
        case "proportion":
            let treated = options.baseline + (options.effect ?? 0)
            guard options.baseline > 0, options.baseline < 1, treated > 0, treated < 1 else {
                throw ExperimentError(
                    "of a proportion --baseline and --baseline plus --effect lie between 0 and 1: "
                        + "\(options.baseline) and \(treated) do not; for a mean say --metric-kind mean --sd SD")
            }
        case "mean":
            guard let deviation = options.deviation, deviation > 0, deviation.isFinite else {
                throw ExperimentError("--metric-kind mean needs --sd, the metric's standard deviation, above 0")
            }
        default: throw ExperimentError("--metric-kind is proportion or mean, not \"\(options.metricKind)\"")
        }
    }

    private static func shares(_ text: String?) throws(ExperimentError) -> [(name: String, share: Double)] {
        guard let text else { return [(name: "control", share: 0.5), (name: "treatment", share: 0.5)] }
        var shares: [(name: String, share: Double)] = []
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1)
            guard let share = Double(sides[sides.count - 1]), share > 0, share.isFinite else {
                throw ExperimentError("--allocation expects shares such as 0.5,0.5 or a=0.5,b=0.5; \"\(part)\" is none")
            }
            let usual = shares.isEmpty ? "control" : "treatment \(shares.count)"
            shares.append((name: sides.count == 2 ? String(sides[0]) : usual, share: share))
        }
        guard shares.count >= 2 else {
            throw ExperimentError("--allocation expects a share for each of two variants or more")
        }
        try ExperimentSettings.checkSum(shares.map(\.share), text)
        let sum = shares.reduce(0) { $0 + $1.share }
        return shares.map { (name: $0.name, share: $0.share / sum) }
    }
}
