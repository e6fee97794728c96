import Learning
import Statistics

/// What a training came to.
struct TrainReport {
    struct Score {
        var name: String
        var mean: Double
        var deviation: Double?
    }

    var name: String?
    var purpose: String?
    var target: String
    var task: ModelTask
    /// Why that task.
    var taskReason: String
    /// The learner of the model, its parameters, or what it is made of.
    var learner: String
    var parameters: [String: ParameterValue]
    var preparation: [String] = []
    /// Of a stack: its members' weights, else why there is none.
    var stackNote: String?
    var features: [String] = []
    /// Columns that were left out, and why.
    var leftOut: [(column: String, reason: String)] = []
    var warnings: [String] = []
    var metric: PerformanceMetric
    /// How folds and hold-out were made.
    var splitNote: String
    var trainingRows = 0
    var holdoutRows = 0
    /// Over the folds, the model that was chosen.
    var validation: [Score] = []
    /// On rows that nothing was learned from.
    var holdout: MetricsReport
    var threshold: (threshold: Double, value: MetricValue)?
    var lift: LiftTable?
    var trials: [Trial]
    var importance: [(feature: String, share: Double)] = []
    /// Where the registry has a champion of the name.
    var comparison: ChampionComparison?
    /// Wall time; not in the files, which are the same for the same seed.
    var seconds = 0.0
    /// In the registry.
    var version: String?

    var taskName: String {
        switch task {
        case .binary: "binary"
        case .multiclass: "multiclass"
        case .regression: "regression"
        }
    }
}
