import Detection
import Retraining
import Statistics
import Windowing

/// One watched model as the coordinator sees it: its versions, what was said of them last, and its retraining.
struct WatchedModel {
    let configuration: ModelConfiguration
    let settings: ModelSettings
    let rules: MonitorRules
    var versions: [String: WatchedVersion] = [:]
    /// The version that is judged; `nil` while the registry knows no champion, when all versions are.
    var champion: String?
    /// Commands that are known and whose place in the stream has not been reached, in order.
    var upcoming: [ChampionCommand] = []
    /// The sequence of the newest command that was taken.
    var appliedCommand: Int64 = 0
    /// The windows that were said before the state was lost; none where it was not.
    var spoken = SpokenWindows()
    var planner: RetrainingPlanner
    /// The run under way.
    var running: TrainingRequest?
    var buffer: TrainingBuffer
    /// Labelled rows of panes that not all partitions have passed yet.
    var arriving: [LabelledRow] = []
    /// How far it has been decided on.
    var decided = DecidedPanes()
    var driftedShares = DriftedShares()
    /// The comparison of the champion with its predecessor, while it is on probation.
    var shadow: ShadowComparison?
    /// How much each feature matters to the champion, as it says itself.
    var importance: [String: Double]?
    /// By version: what had drifted when, for the pairs that are judged later.
    var moved: [String: MovedColumns] = [:]
    /// The newest drift verdicts of the version that is judged, for the retraining policy.
    var latestDrift: [Verdict] = []
    /// The same of calibrated detection.
    var latestIntervals: [Verdict] = []
    /// The newest value of each metric of the version that is judged.
    var latestMetrics: [PerformanceMetric: Double] = [:]

    init(configuration: ModelConfiguration, settings: ModelSettings) {
        self.configuration = configuration
        self.settings = settings
        rules = configuration.monitorRules
        planner = RetrainingPlanner(policy: configuration.retrainingPolicy)
        buffer = TrainingBuffer(
            maximumRows: configuration.retraining.maximumRows,
            windowMicroseconds: configuration.retraining.trainingWindow)
    }

    func isJudged(_ version: String) -> Bool { champion == nil || champion == version }

    /// The version's state, begun where it is new.
    mutating func withVersion<Result>(
        _ key: ModelVersionKey, encoder: ReferenceEncoder?, _ body: (inout WatchedVersion) -> Result
    ) -> Result {
        var version =
            versions[key.version]
            ?? WatchedVersion(
                key: key, learner: encoder == nil ? ReferenceLearner(wantedEvents: settings.learnedRows) : nil,
                encoder: encoder, monitor: ModelMonitor(model: key.model, version: key.version, rules: rules),
                quality: qualityMonitor(of: key), outcomes: outcomeMonitor(of: key),
                labels: LabelTracker(settings: configuration.estimatorSettings), rows: watchedRows(of: key))
        let result = body(&version)
        versions[key.version] = version
        return result
    }

    /// A judge of data quality without any memory.
    func qualityMonitor(of key: ModelVersionKey) -> QualityMonitor {
        QualityMonitor(
            model: key.model, version: key.version, rules: configuration.quality.qualityRules,
            ignoring: configuration.featuresThatAreNone)
    }

    /// A judge of outcomes without any memory; `nil` where there are none.
    func outcomeMonitor(of key: ModelVersionKey) -> OutcomeMonitor? {
        guard settings.joinsOutcomes else { return nil }
        return OutcomeMonitor(
            model: key.model, version: key.version, task: settings.task, rules: rules,
            wantedPairs: Int64(settings.learnedRows), settlingMicroseconds: settings.maximumLabelDelayMicroseconds)
    }

    /// Keeps what the retraining policy looks at.
    mutating func remember(_ window: JudgedWindow) {
        switch window.kind {
        case .quality, .outcome, .outcomeInterval, .segments, .multivariate, .estimate, .reconciliation: break
        case .drift: latestDrift = window.verdicts.filter { $0.segment == nil }
        case .interval: latestIntervals = window.verdicts
        case .performance:
            for verdict in window.verdicts {
                guard case .performance(let name) = verdict.subject, verdict.segment == nil,
                    let metric = PerformanceMetric(rawValue: name),
                    verdict.status != .insufficient, let value = verdict.value
                else { continue }
                latestMetrics[metric] = value
            }
        }
    }

    /// Keeps the share of columns that had drifted at a boundary.
    mutating func rememberDriftedShare(of windows: [JudgedWindow], atMicroseconds: Int64) {
        guard windows.contains(where: { $0.kind == .drift || $0.kind == .interval }) else { return }
        let verdicts = latestDrift + latestIntervals
        guard !verdicts.isEmpty else { return }
        driftedShares.add(driftedShare(verdicts), atMicroseconds: atMicroseconds)
    }

    /// Starts afresh on a new champion: its own windows, its own evidence.
    mutating func crown(_ version: String) {
        champion = version
        latestDrift = []
        latestIntervals = []
        latestMetrics = [:]
        driftedShares = DriftedShares()
        moved = [:]
    }
}
