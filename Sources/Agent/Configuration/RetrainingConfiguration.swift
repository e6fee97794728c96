public import Statistics

/// Whether a better challenger becomes champion by itself.
public enum PromotionMode: String, Sendable, CaseIterable {
    case automatic, manual
}

/// Where a run takes its rows from.
public enum TrainingSource: String, Sendable, CaseIterable {
    /// Those that the agent keeps.
    case buffer
    /// They are read again from where they lie in the topics.
    case log
}

/// When and how a model is retrained.
public struct RetrainingConfiguration: Sendable, Equatable {
    public struct PerformanceTrigger: Sendable, Equatable {
        /// One where more is better.
        public var metric: PerformanceMetric
        public var below: Double

        public init(metric: PerformanceMetric, below: Double) {
            self.metric = metric
            self.below = below
        }
    }

    public var isEnabled: Bool
    public var performanceBelow: PerformanceTrigger?
    /// [0, 1).
    public var driftedShareAbove: Double?
    /// Microseconds.
    public var schedule: Int64?
    /// Microseconds.
    public var cooldown: Int64
    public var minimumRows: Int
    public var maximumRows: Int
    /// Microseconds.
    public var trainingWindow: Int64
    public var rowsPerPane: Int
    public var source: TrainingSource
    /// The newest share of the rows, (0, 1).
    public var holdout: Double
    public var metric: PerformanceMetric
    /// In the metric's own unit.
    public var minimumGain: Double
    public var promote: PromotionMode
    public var parameters: TrainingParameters

    init(_ reader: CheckedReader, task: ModelTask) {
        isEnabled = reader.boolean("enabled")
        performanceBelow = reader.table.table("performance_below").map(CheckedReader.init).map {
            PerformanceTrigger(metric: $0.choice("metric"), below: $0.number("value"))
        }
        driftedShareAbove = reader.table.number("drifted_share_above")
        schedule = reader.table.integer("schedule")
        cooldown = reader.integer("cooldown")
        minimumRows = reader.count("minimum_rows")
        maximumRows = reader.count("maximum_rows")
        trainingWindow = reader.integer("training_window")
        rowsPerPane = reader.count("rows_per_pane")
        source = reader.choice("source")
        holdout = reader.number("holdout")
        metric = reader.table.has("metric") ? reader.choice("metric") : ModelConfiguration.defaultMetric(for: task)
        minimumGain = reader.number("minimum_gain")
        promote = reader.choice("promote")
        parameters = TrainingParameters(reader.table("parameters"))
    }
}

/// How the boosted trees are grown; the names are those of Learning's boosting parameters.
public struct TrainingParameters: Sendable, Equatable {
    public var rounds: Int
    public var learningRate: Double
    public var maximumDepth: Int
    public var minimumChildWeight: Double
    public var subsample: Double
    public var columnSample: Double
    public var lambda: Double
    public var seed: Int

    init(_ reader: CheckedReader) {
        rounds = reader.count("rounds")
        learningRate = reader.number("learning_rate")
        maximumDepth = reader.count("maximum_depth")
        minimumChildWeight = reader.number("minimum_child_weight")
        subsample = reader.number("subsample")
        columnSample = reader.number("column_sample")
        lambda = reader.number("lambda")
        seed = reader.count("seed")
    }
}

/// After a promotion: when the new version is worse than its predecessor on the same rows.
public struct RollbackConfiguration: Sendable, Equatable {
    public var isEnabled: Bool
    public var metric: PerformanceMetric
    /// In the metric's own unit.
    public var margin: Double
    public var minimumLabels: Int
    public var maximumLabels: Int
    /// Microseconds.
    public var observation: Int64

    init(_ reader: CheckedReader, task: ModelTask) {
        isEnabled = reader.boolean("enabled")
        metric = reader.table.has("metric") ? reader.choice("metric") : ModelConfiguration.defaultMetric(for: task)
        margin = reader.number("margin")
        minimumLabels = reader.count("minimum_labels")
        maximumLabels = reader.count("maximum_labels")
        observation = reader.integer("observation")
    }
}
