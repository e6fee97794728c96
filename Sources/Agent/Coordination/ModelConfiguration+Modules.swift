import Detection
import Events
import Learning
import Retraining
import Statistics
import Windowing

/// What each module is told of a configured model.
extension ModelConfiguration {
    var geometry: PaneGeometry {
        PaneGeometry(
            windowMicroseconds: window.length, slideMicroseconds: window.slide, originMicroseconds: window.origin)
    }

    /// Whether outcomes matter to this model at all; without them no prediction waits.
    var needsOutcomes: Bool {
        !performance.rules.isEmpty || performance.estimates || retraining.isEnabled || namesOutcome
    }

    /// Whether drift of the outcome is asked for by name.
    private var namesOutcome: Bool {
        let named = drift.rules.flatMap { $0.columns ?? [] } + (drift.calibrated?.columns ?? [])
        return named.contains(ModelColumn.outcome.rawValue)
    }

    func windowing(limits: LimitsConfiguration) -> ModelSettings {
        ModelSettings(
            name: name, task: task, geometry: geometry, maximumLabelDelayMicroseconds: maximumLabelDelay,
            maximumWaiting: maximumWaitingPredictions, rowsPerPane: retraining.isEnabled ? retraining.rowsPerPane : 0,
            learnedRows: reference.learnedRows, maximumVersions: limits.versionsPerModel,
            maximumOpenPanes: limits.openPanes, joinsOutcomes: needsOutcomes,
            segments: segments.settings,
            sampledRows: multivariateSettings == nil ? 0 : MultivariateSettings.sampledRows,
            estimatesPerformance: performance.estimates)
    }

    /// What is estimated before labels are in: the metrics of the rules, as far as they can be; `nil` for nothing.
    var estimatorSettings: EstimatorSettings? {
        guard performance.estimates else { return nil }
        let possible = EstimatorSettings.metrics(for: task)
        let watched = possible.filter { metric in performance.rules.contains { $0.metric == metric } }
        return EstimatorSettings(
            task: task, metrics: watched.isEmpty ? [task == .regression ? .mae : .accuracy] : watched,
            minimumSample: performance.minimumSample,
            calibrationPairs: performance.calibrationPairs, labelDelayMicroseconds: maximumLabelDelay)
    }

    /// Detection on whole rows; `nil` where none is asked for.
    var multivariateSettings: MultivariateSettings? {
        guard let calibrated = drift.calibrated, !drift.multivariate.isEmpty else { return nil }
        return MultivariateSettings(
            statistics: drift.multivariate, budget: calibrated.budget, minimumSample: calibrated.minimumSample,
            severity: calibrated.severity, clearAfter: calibrated.clearAfter)
    }

    /// What a reference file has and no feature is, which events may carry all the same.
    var featuresThatAreNone: Set<String> {
        guard case .file(let file) = reference.source else { return [] }
        return file.columnsThatAreNoFeatures
    }

    var monitorRules: MonitorRules {
        MonitorRules(
            drift: drift.rules.map { rule in
                DriftRule(
                    statistic: rule.statistic, columns: rule.columns, excluded: drift.excluded, raise: rule.raise,
                    clear: rule.clear,
                    maximumPValue: rule.maximumPValue, required: rule.required, of: rule.of,
                    severity: rule.severity.severity)
            },
            performance: performance.rules.map { rule in
                PerformanceRule(
                    metric: rule.metric,
                    limit: rule.raisesBelow
                        ? .below(raise: rule.raise, clear: rule.clear) : .above(raise: rule.raise, clear: rule.clear),
                    required: rule.required, of: rule.of, severity: rule.severity.severity, evidence: rule.evidence,
                    isEstimated: rule.isEstimated)
            },
            minimumDriftSample: drift.minimumSample, minimumPerformanceSample: performance.minimumSample,
            calibrated: drift.calibrated,
            elsewhere: needsOutcomes ? ModelColumn.outcomeNames : nil)
    }
}

extension ModelConfiguration {
    var retrainingPolicy: RetrainingPolicy {
        RetrainingPolicy(
            isEnabled: retraining.isEnabled,
            performanceFloor: retraining.performanceBelow.map { .init(metric: $0.metric, below: $0.below) },
            driftedShareAbove: retraining.driftedShareAbove, scheduleMicroseconds: retraining.schedule,
            cooldownMicroseconds: retraining.cooldown, minimumRows: retraining.minimumRows)
    }

    var retrainingSettings: RetrainingSettings {
        let given = retraining.parameters
        var parameters = BoostingParameters()
        parameters.rounds = given.rounds
        parameters.learningRate = given.learningRate
        parameters.maximumDepth = given.maximumDepth
        parameters.minimumChildWeight = given.minimumChildWeight
        parameters.subsample = given.subsample
        parameters.columnSample = given.columnSample
        parameters.lambda = given.lambda
        parameters.seed = given.seed
        return RetrainingSettings(
            task: task, holdout: retraining.holdout, metric: retraining.metric, minimumGain: retraining.minimumGain,
            parameters: parameters)
    }

    var shadowSettings: ShadowSettings {
        ShadowSettings(
            metric: rollback.metric, margin: rollback.margin, minimumLabels: rollback.minimumLabels,
            maximumLabels: rollback.maximumLabels, observationMicroseconds: rollback.observation)
    }
}

extension SegmentConfiguration {
    var settings: SegmentSettings {
        SegmentSettings(columns: columns, maximumValues: maximumValues, countsDrift: countsDrift)
    }
}

extension SourcesConfiguration {
    func eventLimits(_ limits: LimitsConfiguration) -> EventLimits {
        EventLimits(
            maximumBytes: maximumEventBytes, maximumAge: maximumAge, maximumSkew: maximumSkew,
            maximumFeatures: limits.featuresPerEvent)
    }
}
