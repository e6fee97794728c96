public import Statistics

/// A watched model.
public struct ModelConfiguration: Sendable, Equatable {
    public var name: String
    public var task: ModelTask
    public var reference: ReferenceConfiguration
    public var window: WindowConfiguration
    /// Microseconds.
    public var maximumLabelDelay: Int64
    /// For each partition.
    public var maximumWaitingPredictions: Int
    public var drift: DriftConfiguration
    public var performance: PerformanceConfiguration
    public var quality: QualityConfiguration
    public var segments: SegmentConfiguration
    /// How much each column matters, as given, for versions that do not tell; `nil` where it is not said.
    public var importance: [String: Double]?
    public var retraining: RetrainingConfiguration
    public var rollback: RollbackConfiguration

    init(_ reader: CheckedReader) {
        guard let task = Self.task(of: reader.table) else {
            preconditionFailure("\(reader.table.keyPath) was checked and has no task")
        }
        self.task = task
        name = reader.text("name")
        reference = ReferenceConfiguration(reader.table("reference"))
        window = WindowConfiguration(reader.table("window"))
        maximumLabelDelay = reader.integer("max_label_delay")
        maximumWaitingPredictions = reader.count("max_waiting_predictions")
        drift = DriftConfiguration(reader.table("drift"))
        performance = PerformanceConfiguration(reader.table("performance"))
        quality = QualityConfiguration(reader.table("quality"))
        segments = SegmentConfiguration(reader)
        importance = reader.table.table("importance").map(Self.importance)
        retraining = RetrainingConfiguration(reader.table("retraining"), task: task)
        rollback = RollbackConfiguration(reader.table("rollback"), task: task)
    }

    static let taskNames = ["binary", "multiclass", "regression"]

    /// - Returns: `nil` when the table's task, or a label that the task needs, is absent.
    static func task(of table: CheckedTable) -> ModelTask? {
        switch table.text("task") {
        case "binary": table.text("positive").map { .binary(positive: $0) }
        case "multiclass": table.texts("classes").map { .multiclass(classes: $0) }
        case "regression": .regression
        default: nil
        }
    }

    /// What versions are compared by when nothing else is said.
    static func defaultMetric(for task: ModelTask) -> PerformanceMetric {
        if case .regression = task { .rmse } else { .accuracy }
    }
}

/// What windows are compared with.
public struct ReferenceConfiguration: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        /// The registered champion's; learned where there is none.
        case registry
        /// The first events of the stream.
        case learn
        /// A table.
        case file(ReferenceTable)
    }

    /// Which table, and which of its columns are no features.
    public struct ReferenceTable: Sendable, Equatable {
        public var path: String
        public var target: String?
        /// What the model said of each row.
        public var prediction: String?
        /// The column with each row's time.
        public var time: String?
        public var exclude: [String]

        var columnsThatAreNoFeatures: Set<String> { Set(exclude + [target, prediction, time].compactMap(\.self)) }
    }

    public var source: Source
    /// Events that a reference is learned from, where it is.
    public var learnedRows: Int

    init(_ reader: CheckedReader) {
        let table = reader.table
        learnedRows = table.integer("learn").map { Int($0) } ?? 10_000
        if let path = table.text("file") {
            source = .file(
                ReferenceTable(
                    path: path, target: table.text("target"), prediction: table.text("prediction"),
                    time: table.text("time"),
                    exclude: table.texts("exclude") ?? []))
        } else {
            source = table.boolean("registry") == true ? .registry : .learn
        }
    }
}

/// The sliding windows, in event time.
public struct WindowConfiguration: Sendable, Equatable {
    /// Microseconds; a multiple of `slide`.
    public var length: Int64
    /// Microseconds: the length of a pane.
    public var slide: Int64
    /// Microseconds since 1970 UTC: a moment at which a pane starts.
    public var origin: Int64

    init(_ reader: CheckedReader) {
        length = reader.integer("length")
        slide = reader.integer("slide")
        origin = reader.table.integer("origin") ?? 0
    }
}
