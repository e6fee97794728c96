import Agent
import ArgumentParser

/// `--task` of `train`.
enum TrainTaskArgument: String, ExpressibleByArgument, CaseIterable {
    case auto, binary, multiclass, regression, ranking, clustering

    var task: TrainOptions.Task {
        switch self {
        case .auto: .auto
        case .binary: .binary
        case .multiclass: .multiclass
        case .regression: .regression
        case .ranking: .ranking
        case .clustering: .clustering
        }
    }
}

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a model on a table: searches, validates, tests on a hold-out, and writes its card.",
        discussion: """
            Examples: tidewatch train --data loans.csv --target paid --tune 30 --output paid-model
                      tidewatch train --data trips.csv.gz --target count --time day --exclude casual \\
                          --tune 50 --seconds 600 --model trips --register
                      tidewatch train --data clicks.csv --task ranking --target clicked --group query \\
                          --output ranked
                      tidewatch train --data customers.csv --task clustering --output segments
            """)

    @Option(help: "The table: CSV or JSON lines, gzip allowed.")
    var data: String

    @Option(help: "The column to predict; of a ranking, the relevance (0 or more). Clusters have none.")
    var target: String?

    @Option(help: "auto, binary, multiclass, regression, ranking or clustering.")
    var task: TrainTaskArgument = .auto

    @Option(
        parsing: .unconditional,
        help: "The label that counts as positive; default: 1, true or yes, else the rarer of the two.")
    var positive: String?

    @Option(help: "The column of times: hold-out and folds are then newer than what was learned from.")
    var time: String?

    @Option(
        help: "The column of rows that belong together and stay on one side of each split; of a ranking, its lists.")
    var group: String?

    @Option(help: "The column of sample weights.")
    var weight: String?

    @Option(help: "A column not to learn from; may be repeated.")
    var exclude: [String] = []

    @Option(help: "A column to learn from although it looks like an identifier; may be repeated.")
    var keep: [String] = []

    @Option(help: "Also measure each value of this column; may be repeated.")
    var segment: [String] = []

    @Option(help: "Judge fairness between the values of this column; may be repeated.")
    var protected: [String] = []

    @Option(help: "Trials of the search for parameters; 0 for the defaults.")
    var tune = 0

    @Option(help: "Begin no trial after so many seconds.")
    var seconds: Double?

    @Option(help: "A learner to try; may be repeated. Default: all that suit.")
    var learner: [String] = []

    @Option(help: "What the search goes by. Default: roc_auc, log_loss, rmse or (ranking) ndcg.")
    var metric: String?

    @Option(help: "Folds of the cross-validation.")
    var folds = 5

    @Option(help: "Share of the rows that the finished model is tested on.")
    var holdout = 0.2

    @Option(help: "The same seed gives the same model, byte by byte.")
    var seed: UInt32 = 0

    @Option(help: "Threads of the learner.")
    var threads = 1

    @Option(help: "none, platt, isotonic or automatic: make probabilities of scores.")
    var calibrate = "none"

    @Option(
        parsing: .unconditional,
        help: "Value of a true negative, false positive, false negative and true positive; finds the threshold."
    )
    var cost: String?

    @Option(help: "Ranking: places of a list that count for NDCG; default: 10.")
    var places: Int?

    @Option(help: "Clustering: how many clusters; default: chosen by the silhouette.")
    var clusters: Int?

    @Option(help: "Clustering: the most clusters to choose from; default: 10.")
    var maxClusters: Int?

    @Flag(help: "Leave out the learning curve, which costs as much as about one trial.")
    var noLearningCurve = false

    @Flag(help: "Do not try to stack the best models.")
    var noStack = false

    @Option(help: "The model's name.")
    var model: String?

    @Flag(help: "Register the model as a new version of --model.")
    var register = false

    @Option(help: "The agent's state directory with the registry; default: ./tidewatch-state.")
    var stateDirectory: String?

    @Option(help: "The folder to write model, card, metrics and reference to.")
    var output: String?

    @Option(help: "Keep the search's history in this file, and take it up again from there.")
    var study: String?

    @Option(help: "What the model is for, in a sentence for its card.")
    var purpose: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        var options = TrainOptions(dataPath: data, target: target)
        options.task = task.task
        options.positive = positive
        options.time = time
        options.group = group
        options.weight = weight
        options.excluded = exclude
        options.kept = keep
        options.segments = segment
        options.protected = protected
        options.trials = tune
        options.seconds = seconds
        options.learners = learner
        options.metric = metric
        options.folds = folds
        options.holdout = holdout
        options.seed = UInt64(seed)
        options.threads = threads
        options.calibration = calibrate
        options.costs = try cost.map(MetricsOptions.costs)
        options.places = places
        options.clusters = clusters
        options.maximumClusters = maxClusters
        options.hasLearningCurve = !noLearningCurve
        options.stacks = !noStack
        options.model = model
        options.registers = register
        options.stateDirectory = stateDirectory
        options.outputPath = output
        options.studyPath = study
        options.purpose = purpose
        options.format = common.format.format
        options.isQuiet = common.quiet
        try TrainCommand.run(options)
    }
}
