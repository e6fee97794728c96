import Statistics

extension ExperimentEngine {
    /// Corrects the p-values over all treatments and metrics; guardrails are judged by their intervals.
    func correct(_ report: inout ExperimentReport) {
        let raw = (report.comparisons + report.secondary).map(\.effect.pValue)
        let known = raw.compactMap(\.self)
        var corrected =
            (options.correction == "bh" ? AdjustedPValues.benjaminiHochberg(known) : AdjustedPValues.holm(known))
            .makeIterator()
        let adjusted = raw.map { $0 == nil ? nil : corrected.next() }
        for index in report.comparisons.indices { report.comparisons[index].adjustedPValue = adjusted[index] }
        for index in report.secondary.indices {
            report.secondary[index].adjustedPValue = adjusted[report.comparisons.count + index]
        }
    }

    func decide(_ index: Int, _ report: ExperimentReport) -> ExperimentDecision {
        let comparison = report.comparisons[index]
        let counts = report.variants.map(\.count)
        var evidence = ExperimentDecision.Evidence(
            effect: decisive(comparison.effect, report), isValidAtAnyLook: report.method.isSequential,
            smallestArm: min(counts[0], counts[index + 1]), total: counts.reduce(0, +), days: options.daysRunning,
            isSampleRatioOk: report.sampleRatio.isOk)
        evidence.guardrails = rails(of: comparison.variant, report).map(\.rail)
        var rules = ExperimentDecision.Rules()
        rules.isHigherBetter = !options.isLowerBetter
        rules.minimumPerArm = options.minimumSample
        rules.plannedTotal = options.plannedSample ?? (report.method == .groupSequential ? settings.looks.last : nil)
        rules.maximumDays = options.maximumDays
        rules.irrelevantBelow = options.irrelevantBelow
        return ExperimentDecision.decide(evidence, rules: rules)
    }

    /// Of ranks the test decides: the interval of the shift touches 0 where many values are tied, and near the level it may
    /// differ from the test by the continuity correction.
    private func decisive(_ effect: ExperimentEffect, _ report: ExperimentReport) -> ExperimentEffect {
        guard report.method == .mannWhitney, let pValue = effect.pValue, let superiority = effect.effectSize
        else { return effect }
        var effect = effect
        let isEvident = pValue <= report.alpha / Double(report.comparisons.count)
        let nearest = isEvident ? Double.leastNonzeroMagnitude : 0
        if superiority > 0.5 {
            effect.low = isEvident ? max(nearest, effect.low ?? nearest) : min(0, effect.low ?? 0)
            effect.high = max(effect.high ?? nearest, nearest)
        } else {
            effect.high = isEvident ? min(-nearest, effect.high ?? -nearest) : max(0, effect.high ?? 0)
            effect.low = min(effect.low ?? -nearest, -nearest)
        }
        return effect
    }

    func markHarm(_ report: inout ExperimentReport) {
        for variant in report.variants.dropFirst() {
            for (index, rail) in rails(of: variant.variant, report) {
                report.guardrails[index].isHarmed = rail.isHarmed
            }
        }
    }

    /// The guardrails of one treatment, with their places in the report.
    private func rails(
        of variant: String, _ report: ExperimentReport
    ) -> [(index: Int, rail: ExperimentDecision.Guardrail)] {
        report.guardrails.indices.filter { report.guardrails[$0].variant == variant }.map { index in
            let effect = report.guardrails[index].effect
            let rule = settings.guardrails[index / (report.variants.count - 1)]
            let isUsable = effect.status == .ok
            return (
                index,
                ExperimentDecision.Guardrail(
                    low: isUsable ? effect.low : nil, high: isUsable ? effect.high : nil,
                    isHigherBetter: !rule.isLowerBetter, allowedHarm: rule.allowedHarm)
            )
        }
    }

    /// The comparison that speaks for the experiment: the best of those to promote; else one that goes on, or is open;
    /// else (all are worse) any. Among equals the one with the smallest p-value.
    static func leading(_ comparisons: [ExperimentReport.Comparison], isLowerBetter: Bool) -> Int {
        func rank(_ comparison: ExperimentReport.Comparison) -> (Int, Double) {
            let difference = (comparison.effect.difference ?? 0) * (isLowerBetter ? -1 : 1)
            let evidence = 1 - (comparison.effect.pValue ?? 1)
            return switch comparison.decision?.outcome {
            case .promote: (3, difference)
            case .continue: (2, evidence)
            case .inconclusive: (1, evidence)
            case .rollBack, nil: (0, evidence)
            }
        }
        return comparisons.indices.max { rank(comparisons[$0]) < rank(comparisons[$1]) } ?? 0
    }

    func notes(_ report: ExperimentReport) -> [String] {
        var notes: [String] = []
        if options.control == nil, ExperimentTable.usualControl(among: table.variants) == nil {
            notes.append("compared with \(report.control), the first name in order; --control names another")
        }
        if !report.sampleRatio.isOk {
            notes.append(
                "the variants did not get their shares of the traffic: look for the defect in assignment or logging "
                    + "before believing any number here")
        }
        if !report.method.isSequential, options.plannedSample == nil, options.maximumDays == nil {
            let cost =
                report.method == .bayesian
                ? "promoting at P(best) of 95 % in one of 20 looks does so in about 39 %"
                : "peeking 20 times at α = 0.05 rejects about 25 %"
            notes.append(
                "\(report.method.rawValue) is read once, at the planned end: \(cost) of experiments without a difference. "
                    + "To look at any time: --method confidence_sequence")
        }
        if report.comparisons.contains(where: { $0.effect.status == .insufficient }) {
            notes.append(insufficiency(report.method))
        }
        if report.method == .groupSequential { notes += offSchedule(report) }
        if report.variants.count > 2 {
            notes.append(
                "intervals are at 1 − α/\(report.variants.count - 1), for \(report.variants.count - 1) treatments")
        }
        let lost = zip(report.variants, table.assigned).map { $1 - $0.count }
        if lost.contains(where: { $0 > 0 }) {
            let parts = zip(report.variants, lost).map { "\($0.variant) \($1)" }.joined(separator: ", ")
            notes.append("rows without a value of \(report.metric): \(parts)")
        }
        return notes
    }

    /// The level is that of looks at their sizes; a twentieth more is what came in between.
    private func offSchedule(_ report: ExperimentReport) -> [String] {
        let observed = report.variants.reduce(0) { $0 + $1.count }
        guard let look = settings.looks.last(where: { $0 <= observed }), observed - look > look / 20 else { return [] }
        return [
            "\(observed) observations are no scheduled look: judged by the bound of the look at \(look). α holds for looks "
                + "at their sizes only"
        ]
    }

    private func insufficiency(_ method: ExperimentMethod) -> String {
        switch method {
        case .z: "too few successes or failures for the normal law: use --method fisher"
        case .msprt, .confidenceSequence:
            "before the burn-in: 100 observations in each variant, of a proportion so many that the smaller variant expects "
                + "20 successes and 20 failures, of skewed values in uneven variants more"
        case .groupSequential:
            "before the first scheduled look, or too few observations for the normal law (as with confidence_sequence)"
        case .welch:
            "too few values, values without variance, or skewed values in variants of different sizes: use --method bootstrap"
        default: "too few values, or values without variance"
        }
    }
}
