import Learning
import Registry
import Statistics

/// What the training of a model with a hold-out came to.
struct TrainReport {
    enum Task {
        case predicting(ModelTask)
        case ranking(group: String)
    }

    struct Score {
        var name: String
        var mean: Double
        var deviation: Double?
    }

    var name: String?
    var purpose: String?
    var target: String
    var task: Task
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
    /// What the search went by.
    var metric: String
    /// How folds and hold-out were made.
    var splitNote: String
    var trainingRows = 0
    var holdoutRows = 0
    /// Over the folds: the best trial; with a threshold, decisions are those of the model by it.
    var validation: [Score] = []
    /// On rows that nothing was learned from.
    var holdout: MetricsReport
    /// Of a ranking: what an order by chance has on the same lists.
    var chance: [MetricsReport.Named] = []
    /// What more rows would bring.
    var curve: TrainCurve?
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

    /// At which threshold decisions were judged.
    var thresholdNote: String? {
        threshold.map { _ in
            "Hold-out and cross-validation are decided so. The threshold was found on the predictions of the "
                + "cross-validation, whose decisions look slightly better for it than those of new rows."
        }
    }

    var taskName: String {
        switch task {
        case .predicting(.binary): "binary"
        case .predicting(.multiclass): "multiclass"
        case .predicting(.regression): "regression"
        case .ranking: "ranking"
        }
    }
}

extension TrainReport: TrainDocument {
    var lineage: Lineage {
        var metrics: [String: Double] = [:]
        for (name, value) in holdout.metrics { metrics[name] = value.value }
        var parameters = parameters.mapValues { ModelCard.text($0) }
        parameters["learner"] = learner
        return Lineage(
            trigger: "train", rows: trainingRows, parameters: parameters, metrics: metrics, note: purpose ?? "",
            importance: importance.isEmpty
                ? nil : Dictionary(importance.map { ($0.feature, $0.share) }) { one, _ in one })
    }

    func files() throws -> [(name: String, bytes: [UInt8])] {
        [
            ("metrics.json", Array((try holdout.json() + "\n").utf8)),
            ("trials.jsonl", try trials.flatMap { try StudyLog.line($0) }),
        ]
    }
}
