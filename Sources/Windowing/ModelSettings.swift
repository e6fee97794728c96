public import Statistics

/// What the stream processor needs to know of one watched model.
public struct ModelSettings: Sendable, Equatable {
    /// The model's name, as it stands in its events.
    public var name: String
    public var task: ModelTask
    public var geometry: PaneGeometry
    /// How long a prediction waits for its outcome, microseconds of event time.
    public var maximumLabelDelayMicroseconds: Int64
    /// Predictions and outcomes kept for joining in one partition; beyond that both halves are thinned by id hash.
    public var maximumWaiting: Int
    /// Labelled rows kept of each pane and partition for training and paired comparison; 0 keeps none.
    public var rowsPerPane: Int
    /// Events that a reference is learned from when the version has none; also the most rows a learning pane keeps.
    public var learnedRows: Int
    /// Versions followed at one time; events of further versions are counted and left out.
    public var maximumVersions: Int
    /// Panes open at one time for each version, a guard against hostile times.
    public var maximumOpenPanes: Int
    /// Whether predictions are kept for their outcomes at all.
    public var joinsOutcomes: Bool
    /// By which features performance, and drift where wanted, is counted in parts.
    public var segments: SegmentSettings
    /// Rows sampled of each pane that is counted on a reference, for statistics of whole rows; 0 keeps none.
    public var sampledRows: Int
    /// Whether what the model says is kept so that its performance can be estimated before outcomes are known.
    public var estimatesPerformance: Bool

    public init(
        name: String, task: ModelTask, geometry: PaneGeometry, maximumLabelDelayMicroseconds: Int64,
        maximumWaiting: Int = 1_000_000, rowsPerPane: Int = 0, learnedRows: Int = 10_000, maximumVersions: Int = 8,
        maximumOpenPanes: Int = 10_000, joinsOutcomes: Bool = true,
        segments: SegmentSettings = SegmentSettings(), sampledRows: Int = 0, estimatesPerformance: Bool = false
    ) {
        self.name = name
        self.task = task
        self.geometry = geometry
        self.maximumLabelDelayMicroseconds = maximumLabelDelayMicroseconds
        self.maximumWaiting = maximumWaiting
        self.rowsPerPane = rowsPerPane
        self.learnedRows = learnedRows
        self.maximumVersions = maximumVersions
        self.maximumOpenPanes = maximumOpenPanes
        self.joinsOutcomes = joinsOutcomes
        self.segments = segments
        self.sampledRows = sampledRows
        self.estimatesPerformance = estimatesPerformance
    }
}

extension ModelSettings {
    /// Rows kept of each pane of predictions so that a regression's loss can be estimated; 0 keeps none. At most 1,000, and
    /// fewer, down to 250, where so many panes wait for their labels that these would be more than 20,000.
    public var estimatedRows: Int {
        guard estimatesPerformance, task == .regression else { return 0 }
        let waiting = maximumLabelDelayMicroseconds / geometry.slideMicroseconds + geometry.panesPerWindow + 2
        return Int(min(1_000, max(250, 20_000 / waiting)))
    }
}
