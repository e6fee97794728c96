import Learning
import Statistics

/// The engine behind `tidewatch experiment analyze`: a table, its variants, their difference and what to do.
struct ExperimentEngine {
    let options: ExperimentOptions
    let table: ExperimentTable
    let settings: ExperimentSettings

    /// - Throws: `ExperimentError` for columns, values or options that do not fit together.
    static func run(_ table: Table, _ options: ExperimentOptions) throws(ExperimentError) -> ExperimentReport {
        let settings = try ExperimentSettings(options)
        return try ExperimentEngine(
            options: options, table: try ExperimentTable(table, options), settings: settings
        ).report()
    }

    private func report() throws(ExperimentError) -> ExperimentReport {
        let metric = try table.metric(options.metrics[0], option: "--metric")
        let method = try settings.method(for: metric)
        let adjusted = try adjustment(of: metric)
        let sampleRatio = SampleRatio.check(
            observed: table.assigned, shares: try settings.shares(of: table.variants, options))
        let comparisons = compare(metric, method, adjusted: adjusted)
        let secondary = try others(Array(options.metrics.dropFirst()), method, option: "--metric")
        let guardrails = try others(settings.guardrails.map(\.column), method, option: "--guardrail")
        var report = ExperimentReport(
            metric: metric.name, isProportion: metric.isProportion, method: method, alpha: options.alpha,
            control: table.variants[0], variants: variants(metric), rowsWithoutVariant: table.arms.count { $0 == nil },
            sampleRatio: sampleRatio, comparisons: comparisons, secondary: secondary, guardrails: guardrails,
            covariates: options.covariates, reduction: adjusted?.reduction,
            decision: ExperimentDecision(outcome: .continue, reason: .insufficientData), leading: 0, notes: [])
        correct(&report)
        for index in comparisons.indices { report.comparisons[index].decision = decide(index, report) }
        markHarm(&report)
        report.leading = Self.leading(report.comparisons, isLowerBetter: options.isLowerBetter)
        report.decision = report.lead.decision ?? report.decision
        if method == .bayesian { addPosteriors(&report, metric) }
        report.notes = notes(report)
        return report
    }

    private func variants(_ metric: ExperimentTable.Metric) -> [ExperimentReport.Variant] {
        table.variants.indices.map { arm in
            let summary = ArmSummary(metric.values(of: arm))
            return ExperimentReport.Variant(
                variant: table.variants[arm], count: summary.count, assigned: table.assigned[arm],
                mean: summary.count > 0 && summary.mean.isFinite ? summary.mean : nil)
        }
    }

    private func adjustment(
        of metric: ExperimentTable.Metric
    ) throws(ExperimentError) -> (values: [Double], reduction: Double)? {
        guard !options.covariates.isEmpty else { return nil }
        var columns: [[Double]] = []
        for name in options.covariates { columns.append(try table.covariate(name, rows: metric.rows)) }
        let adjustment = CovariateAdjustment(values: metric.values, covariates: columns, arms: metric.arms)
        return (adjustment.values, adjustment.reduction)
    }

    /// Every treatment against the control, at α over the number of treatments (Bonferroni).
    private func compare(
        _ metric: ExperimentTable.Metric, _ method: ExperimentMethod,
        adjusted: (values: [Double], reduction: Double)?
    ) -> [ExperimentReport.Comparison] {
        var used = metric
        if let adjusted {
            used.values = adjusted.values
            used.isProportion = false
        }
        let alpha = options.alpha / Double(table.variants.count - 1)
        let control = used.values(of: 0)
        let base = ArmSummary(metric.values(of: 0)).mean
        return table.variants.indices.dropFirst().map { arm in
            let effect = settings.effect(
                method, control: control, treatment: used.values(of: arm), isProportion: used.isProportion,
                alpha: alpha, observed: metric.values.count)
            let lift = effect.difference.map { $0 / base.magnitude }
            return ExperimentReport.Comparison(
                metric: metric.name, variant: table.variants[arm], method: method.rawValue, effect: effect,
                lift: lift.flatMap { $0.isFinite && method != .mannWhitney ? $0 : nil })
        }
    }

    /// Further metrics, each by a method that fits it.
    private func others(
        _ names: [String], _ method: ExperimentMethod, option: String
    ) throws(ExperimentError) -> [ExperimentReport.Comparison] {
        var found: [ExperimentReport.Comparison] = []
        for name in names {
            let metric = try table.metric(name, option: option)
            let own = method.replacement(for: metric, covariates: options.covariates)
            found += compare(metric, own, adjusted: own.takesCovariates ? try adjustment(of: metric) : nil)
        }
        return found
    }

    private func addPosteriors(_ report: inout ExperimentReport, _ metric: ExperimentTable.Metric) {
        let comparison = BayesianComparison(
            table.variants.indices.map { ExperimentSettings.posterior(metric.values(of: $0)) })
        for index in report.variants.indices {
            report.variants[index].probabilityBest = comparison.probabilityBest[index]
            report.variants[index].expectedLoss = comparison.expectedLoss[index]
        }
    }
}
