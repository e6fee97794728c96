import BenchmarkPeers
import Foundation
import Learning
import Statistics

/// 30 trials × 5 folds beside Optuna's TPE on Python's XGBoost: the same rows, folds and space in the same run, CPU seconds
/// of one thread, and how good the best model is on rows that neither saw. Then the search of `tidewatch train`, over
/// linear models too, and what stacking adds to its best.
///
/// How long a search takes depends on what chance proposes first: seconds are the sum and metrics the mean over several
/// seeds, each with a split of its own. On the data sets of TIDEWATCH_DATA; TIDEWATCH_TUNING="wine credit" takes some of
/// them, TIDEWATCH_TUNING_SEEDS="1" some of the seeds.
enum TuningSuite {
    private struct Case {
        var name: String
        var file: String
        var target: String
        var task: ModelTask
        var time: String?
        var dropped: [String] = []

        var metric: PerformanceMetric { task == .regression ? .rmse : .rocAUC }
    }

    private static let cases = [
        Case(name: "wine", file: "wine_quality", target: "quality", task: .regression),
        Case(
            name: "bike", file: "bike_sharing_hour", target: "cnt", task: .regression, time: "dteday",
            dropped: ["casual", "registered", "instant"]),
        Case(
            name: "credit", file: "credit_default_taiwan", target: "DID_DEFAULT_PAYMENT",
            task: .binary(positive: "1"), dropped: ["USER_ID"]),
        Case(name: "adult", file: "adult_census", target: "class", task: .binary(positive: ">50K")),
        Case(
            name: "elec2", file: "elec2_electricity_nsw", target: "class", task: .binary(positive: "UP"), time: "date"),
    ]

    private struct Peer: Decodable {
        var seconds: Double
        var best: Double
        var holdout: Double
    }

    private static let trials = 30
    private static let columns =
        "data     metric    CPU s  peer s  hold-out      peer  one s.e.  pruned | stack of  out of fold  its best"
        + "  hold-out  its best"

    static func run() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["TIDEWATCH_DATA"] else {
            print("skipped: TIDEWATCH_DATA names no folder of data sets")
            return
        }
        func words(_ name: String) -> [String]? {
            environment[name].map { $0.split(separator: " ").map(String.init) }
        }
        let wanted = words("TIDEWATCH_TUNING")
        let seeds = words("TIDEWATCH_TUNING_SEEDS")?.compactMap { UInt64($0) } ?? [1, 2, 3]
        print("seeds \(seeds.map(String.init).joined(separator: ", ")): the sum of seconds, the mean of metrics")
        print(columns)
        var broken: [String] = []
        for one in cases where wanted?.contains(one.name) ?? true {
            let runs = try seeds.map { try measure(one, folder: folder, seed: $0) }
            broken += report(one, runs)
        }
        if !broken.isEmpty { throw BenchmarkError(broken.joined(separator: "; ")) }
    }

    /// One seed.
    private struct Run {
        var seconds: Double
        var found: Double
        /// Standard error of the metric on the hold-out.
        var error: Double
        var pruned: Int
        var peer: Peer?
        var command: Command
    }

    /// What `tidewatch train --tune 30` does.
    private struct Command {
        /// Members of the stack; 0 where it was left out.
        var members: Int
        /// Out of fold, the stack and its best member.
        var judged: Double
        var alone: Double
        /// On the hold-out: the model that is kept, and the best member.
        var found: Double
        var foundAlone: Double
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private static func report(_ one: Case, _ runs: [Run]) -> [String] {
        let metric = one.metric
        let seconds = runs.reduce(0) { $0 + $1.seconds }
        let found = mean(runs.map(\.found))
        let error = mean(runs.map(\.error))
        let peers = runs.compactMap(\.peer)
        let peer = peers.count == runs.count ? (peers.reduce(0) { $0 + $1.seconds }, mean(peers.map(\.holdout))) : nil
        let members = runs.map { $0.command.members == 0 ? "–" : "\($0.command.members)" }.joined(separator: " ")
        func number(_ value: Double) -> String { String(format: "%9.4f", value) }
        print(
            one.name.padding(toLength: 9, withPad: " ", startingAt: 0)
                + metric.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
                + String(format: "%7.1f", seconds)
                + (peer.map { String(format: " %7.1f", $0.0) } ?? "       –") + " " + number(found) + " "
                + (peer.map { number($0.1) } ?? "        –") + " " + number(error)
                + String(format: "  %6.1f", mean(runs.map { Double($0.pruned) })) + " | "
                + members.padding(toLength: 8, withPad: " ", startingAt: 0)
                + "    " + number(mean(runs.map(\.command.judged))) + " " + number(mean(runs.map(\.command.alone)))
                + " " + number(mean(runs.map(\.command.found))) + " " + number(mean(runs.map(\.command.foundAlone))))
        fflush(nil)
        guard let peer else { return [] }
        var broken: [String] = []
        for (name, value) in [("search", found), ("train", mean(runs.map(\.command.found)))] {
            let lag = metric.higherIsBetter ? peer.1 - value : value - peer.1
            if lag > error {
                broken.append("\(one.name): the \(name)'s \(metric.rawValue) \(value), Optuna's \(peer.1)")
            }
        }
        if seconds > peer.0 { broken.append("\(one.name): \(seconds) CPU s, Optuna \(peer.0)") }
        return broken
    }

    private static func measure(_ one: Case, folder: String, seed: UInt64) throws -> Run {
        let table = try Table.read(path: "\(folder)/\(one.file).csv.gz").dropping(Set(one.dropped))
        let problem = LearningProblem(task: one.task, target: one.target, time: one.time)
        let split = try HoldOut.natural(for: problem, share: 0.2).split(table, problem: problem, seed: seed)
        let (training, holdout) = (table.rows(split.train), table.rows(split.test))
        let folds = try SplitPlan.natural(for: problem, folds: 5).folds(of: training, problem: problem, seed: seed)

        var model: (any TrainedModel)?
        var pruned = 0
        let seconds = try ProcessorTime.seconds {
            let (candidates, found) = try search([.boostedTrees], 1, training, problem, folds, one.metric, seed)
            model = try fit(candidates, found.best, training, problem)
            pruned = found.trials.count { $0.state == .pruned }
        }
        guard let model, let value = value(try model.predict(holdout), holdout, one), let own = value.value,
            let low = value.low, let high = value.high
        else { throw BenchmarkError("\(one.name): the hold-out has no \(one.metric.rawValue)") }
        return Run(
            seconds: seconds, found: own, error: (high - low) / 2 / 1.959963984540054, pruned: pruned,
            peer: try peer(one, training: training, holdout: holdout, folds: folds, seed: seed),
            command: try command(one, training, holdout, problem, folds, seed))
    }

    private static func search(
        _ kinds: [CandidateKind], _ leaders: Int, _ training: Table, _ problem: LearningProblem, _ folds: [Fold],
        _ metric: PerformanceMetric, _ seed: UInt64
    ) throws -> (candidates: CandidateSpace, found: ModelSearch) {
        let candidates = try CandidateSpace(kinds: kinds, seed: Int(seed), rows: training.rowCount)
        let tuner = candidates.tuner(metric: metric, seed: seed, budget: TuningBudget(trials: trials))
        let found = try ModelSearch.run(
            candidates, table: training, problem: problem, folds: folds, tuner: tuner, leaders: leaders, clock: { 0 },
            control: TrainingControl())
        return (candidates, found)
    }

    private static func fit(
        _ candidates: CandidateSpace, _ trial: Trial, _ training: Table, _ problem: LearningProblem
    ) throws -> any TrainedModel {
        try candidates.learner(trial.values).fit(
            training, problem: problem, validation: nil, control: TrainingControl())
    }

    private static func command(
        _ one: Case, _ training: Table, _ holdout: Table, _ problem: LearningProblem, _ folds: [Fold], _ seed: UInt64
    ) throws -> Command {
        let (candidates, found) = try search(CandidateSpace.usual, 4, training, problem, folds, one.metric, seed)
        let outcome = try SearchOutcome(found, candidates: candidates, table: training, problem: problem, folds: folds)
        let alone = try fit(candidates, found.best, training, problem)
        guard let judgement = outcome.judgement,
            let value = value(try outcome.model.predict(holdout), holdout, one)?.value,
            let valueAlone = Self.value(try alone.predict(holdout), holdout, one)?.value
        else { throw BenchmarkError("\(one.name): nothing to stack") }
        return Command(
            members: outcome.isStack ? judgement.members.count : 0, judged: judgement.stack, alone: judgement.best,
            found: value, foundAlone: valueAlone)
    }

    private static func value(_ said: Predictions, _ holdout: Table, _ one: Case) -> MetricValue? {
        guard let labels = holdout[one.target] else { return nil }
        if one.task == .regression {
            let actual = (0..<labels.count).map { labels.number(at: $0) }
            return RegressionSample(predicted: said.values, actual: actual).metric(.rmse)
        }
        guard case .binary(let positive) = one.task else { return nil }
        let actual = (0..<labels.count).map { labels.text(at: $0) == positive }
        return BinarySample(labels: actual, scores: said.probabilities).metric(.rocAUC)
    }

    // MARK: - The peer

    private struct Question: Encodable {
        var training: String
        var holdout: String
        var target: String
        var positive: String?
        /// Not a feature.
        var time: String?
        var folds: [Fold]
        var trials: Int
        var seed: Int
    }

    private static func peer(
        _ one: Case, training: Table, holdout: Table, folds: [Fold], seed: UInt64
    ) throws -> Peer? {
        let base = FileManager.default.temporaryDirectory
            .appending(path: "tidewatch-tuning-\(ProcessInfo.processInfo.processIdentifier)-\(one.name)").path()
        let files = ["\(base)-training.csv", "\(base)-holdout.csv", "\(base).json"]
        defer { for file in files { _ = unlink(file) } }
        try write(training, to: files[0])
        try write(holdout, to: files[1])
        var positive: String?
        if case .binary(let label) = one.task { positive = label }
        let question = Question(
            training: files[0], holdout: files[1], target: one.target, positive: positive, time: one.time, folds: folds,
            trials: trials, seed: Int(seed))
        try JSONEncoder().encode(question).write(to: URL(filePath: files[2]))
        guard let text = try Peers.run(script: "tuning.py", arguments: [files[2]], libraries: .learning) else {
            return nil
        }
        return try JSONDecoder().decode(Peer.self, from: Data(text.utf8))
    }

    private static func write(_ table: Table, to path: String) throws {
        func cell(_ text: String) -> String { text.contains(",") || text.contains("\"") ? "\"\(text)\"" : text }
        var text = table.columnNames.map(cell).joined(separator: ",") + "\n"
        for row in 0..<table.rowCount {
            text += table.columns.map { $0.text(at: row).map(cell) ?? "" }.joined(separator: ",") + "\n"
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
