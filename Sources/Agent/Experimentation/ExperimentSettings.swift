import Foundation
import Statistics

/// The options of an analysis, checked and parsed.
struct ExperimentSettings {
    struct GuardrailRule: Equatable {
        var column: String
        var isLowerBetter: Bool
        var allowedHarm: Double
    }

    let asked: ExperimentMethod?
    let guardrails: [GuardrailRule]
    /// Increasing; empty where none are given.
    let looks: [Int64]
    let spending: AlphaSpending
    let options: ExperimentOptions

    init(_ options: ExperimentOptions) throws(ExperimentError) {
        self.options = options
        try Self.checkRanges(options)
        asked = try options.method.map { name throws(ExperimentError) in
            if let method = ExperimentMethod(rawValue: name.replacing("-", with: "_")) { return method }
            let known = ExperimentMethod.allCases.map(\.rawValue)
            let meant = NearestName.nearest(to: name, in: known).map { "; did you mean \($0)?" }
            throw ExperimentError(
                "--method: there is no method \"\(name)\"\(meant ?? "; known are " + known.joined(separator: ", "))")
        }
        var guardrails: [GuardrailRule] = []
        for text in options.guardrails { guardrails.append(try Self.guardrail(text)) }
        self.guardrails = guardrails
        guard let spending = AlphaSpending(name: options.spending.replacing("-", with: "_")) else {
            throw ExperimentError(
                "--spending: \"\(options.spending)\" is not obrien_fleming, pocock or power:RHO (power:2, for example)")
        }
        self.spending = spending
        looks = try Self.looks(options.looks)
        if asked == .groupSequential, looks.isEmpty {
            throw ExperimentError(
                "--method group_sequential needs --looks, the total sample sizes at which you look: "
                    + "--looks 1000,2000,4000")
        }
    }

    /// The method for the deciding metric.
    func method(for metric: ExperimentTable.Metric) throws(ExperimentError) -> ExperimentMethod {
        let usual: ExperimentMethod = metric.isProportion && options.covariates.isEmpty ? .z : .welch
        let method = asked ?? (looks.isEmpty ? usual : .groupSequential)
        if method.needsProportion, !metric.isProportion {
            throw ExperimentError(
                "\(options.path): --method \(method.rawValue) expects a metric of 0 and 1, and column "
                    + "\"\(metric.name)\" has other values; use welch, mann_whitney or bootstrap")
        }
        if !options.covariates.isEmpty, !method.takesCovariates {
            throw ExperimentError(
                "--covariate adjusts means: use it with welch, bootstrap, msprt, confidence_sequence or "
                    + "group_sequential, not with \(method.rawValue)")
        }
        return method
    }

    /// What each variant should have got.
    func shares(of variants: [String], _ options: ExperimentOptions) throws(ExperimentError) -> [Double] {
        guard let text = options.allocation else { return variants.map { _ in 1 } }
        let form =
            "--allocation expects a share for every variant, such as "
            + variants.map { "\($0)=\(1 / Double(variants.count))" }.joined(separator: ",")
        var shares: [String: Double] = [:]
        for part in text.split(separator: ",") {
            guard let equals = part.lastIndex(of: "="), let share = Double(part[part.index(after: equals)...]),
                share > 0, share.isFinite
            else { throw ExperimentError("\(form); \"\(part)\" is not NAME=SHARE with a positive share") }
            shares[String(part[..<equals])] = share
        }
        if let missing = variants.first(where: { shares[$0] == nil }) {
            throw ExperimentError("\(form); there is none for \"\(missing)\"")
        }
        if let unknown = shares.keys.sorted().first(where: { !variants.contains($0) }) {
            throw ExperimentError("\(form); the table has no variant \"\(unknown)\"")
        }
        try Self.checkSum(Array(shares.values), text)
        return variants.compactMap { shares[$0] }
    }

    /// Shares add up to 1, but for what rounding leaves (0.33,0.33,0.33). Others are a slip, or percentages: scaling them
    /// silently would judge the traffic by shares that nobody planned.
    static func checkSum(_ shares: [Double], _ text: String) throws(ExperimentError) {
        let sum = shares.reduce(0, +)
        guard abs(sum - 1) > 0.010_001 else { return }
        let found = String(format: "%.6g", sum)
        throw ExperimentError(
            "--allocation expects shares that add up to 1; those of \"\(text)\" add up to \(found): divide each by "
                + "\(found) if that is what you mean")
    }

    private static func checkRanges(_ options: ExperimentOptions) throws(ExperimentError) {
        guard !options.metrics.isEmpty else { throw ExperimentError("--metric names the column that decides") }
        guard options.alpha > 0, options.alpha < 1 else {
            throw ExperimentError("--alpha lies between 0 and 1, and \(options.alpha) does not")
        }
        guard options.tau.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ExperimentError("--tau is the spread of effects in the metric's unit, a number above 0")
        }
        guard options.tunedFor > 0, options.tunedFor.isFinite else {
            throw ExperimentError("--tuned-for is a sample size, a number above 0")
        }
        guard (100...1_000_000).contains(options.resamples) else {
            throw ExperimentError("--resamples lies between 100 and 1000000, and \(options.resamples) does not")
        }
        guard ["holm", "bh"].contains(options.correction) else {
            throw ExperimentError("--correction is holm or bh, not \"\(options.correction)\"")
        }
        guard options.irrelevantBelow >= 0, options.minimumSample >= 0, options.plannedSample ?? 1 > 0 else {
            throw ExperimentError("--irrelevant-below, --minimum-sample and --planned-sample are not negative")
        }
    }

    private static func guardrail(_ text: String) throws(ExperimentError) -> GuardrailRule {
        let parts = text.components(separatedBy: ":")
        let directions = ["lower": true, "higher": false]
        guard parts.count > 1, let isLower = directions[parts[1]] else {
            if parts.count == 1 { return GuardrailRule(column: text, isLowerBetter: false, allowedHarm: 0) }
            throw ExperimentError(
                "--guardrail: \"\(text)\" is not COLUMN, COLUMN:lower, COLUMN:higher or COLUMN:lower:ACCEPTED_HARM")
        }
        guard parts.count <= 3, let harm = parts.count == 3 ? Double(parts[2]) : 0, harm >= 0, harm.isFinite else {
            throw ExperimentError("--guardrail: the accepted harm in \"\(text)\" is not a number from 0 on")
        }
        return GuardrailRule(column: parts[0], isLowerBetter: isLower, allowedHarm: harm)
    }

    private static func looks(_ text: String?) throws(ExperimentError) -> [Int64] {
        guard let text else { return [] }
        let looks = text.split(separator: ",").map { Int64($0.trimmingCharacters(in: .whitespaces)) }
        let known = looks.compactMap(\.self)
        guard known.count == looks.count, (known.first ?? 0) > 0, known.count <= 100,
            zip(known, known.dropFirst()).allSatisfy({ $0 < $1 })
        else {
            throw ExperimentError(
                "--looks expects increasing total sample sizes, such as 1000,2000,4000; \"\(text)\" is not that")
        }
        return known
    }
}

extension ExperimentMethod {
    /// The method for another metric of the same experiment: as valid at any look as this one, and fit for its values.
    /// With covariates it is one that can be adjusted for them.
    func replacement(for metric: ExperimentTable.Metric, covariates: [String]) -> ExperimentMethod {
        switch self {
        case .groupSequential: .groupSequential
        // τ is in the unit of the metric that decides.
        case .msprt, .confidenceSequence: .confidenceSequence
        default: metric.isProportion && covariates.isEmpty ? .z : .welch
        }
    }
}
