import BenchmarkPeers
import Foundation
import Learning
import Statistics

/// 30 trials × 5 folds beside Optuna's TPE on Python's XGBoost: the same rows, folds and space in the same run, CPU seconds
/// of one thread, and how good the best model is on rows that neither saw.
///
/// On the data sets of TIDEWATCH_DATA; TIDEWATCH_TUNING="wine credit" takes some of them.
enum TuningSuite {
    private struct Case {
        var name: String
        var file: String
        var target: String
        var task: ModelTask
        var time: String?
        var dropped: [String] = []
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
    private static let seed: UInt64 = 1

    static func run() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["TIDEWATCH_DATA"] else {
            print("skipped: TIDEWATCH_DATA names no folder of data sets")
            return
        }
        let wanted = environment["TIDEWATCH_TUNING"].map { $0.split(separator: " ").map(String.init) }
        print("data     metric    CPU s  peer s   hold-out  peer      one s.e.  pruned")
        var broken: [String] = []
        for one in cases where wanted?.contains(one.name) ?? true {
            broken += try measure(one, folder: folder)
        }
        if !broken.isEmpty { throw BenchmarkError(broken.joined(separator: "; ")) }
    }

    private static func measure(_ one: Case, folder: String) throws -> [String] {
        let table = try Table.read(path: "\(folder)/\(one.file).csv.gz").dropping(Set(one.dropped))
        let problem = LearningProblem(task: one.task, target: one.target, time: one.time)
        let split = try HoldOut.natural(for: problem, share: 0.2).split(table, problem: problem, seed: seed)
        let (training, holdout) = (table.rows(split.train), table.rows(split.test))
        let folds = try SplitPlan.natural(for: problem, folds: 5).folds(of: training, problem: problem, seed: seed)
        let metric: PerformanceMetric = one.task == .regression ? .rmse : .rocAUC

        var evaluation: MetricValue?
        var pruned = 0
        let seconds = try ProcessorTime.seconds {
            let candidates = try CandidateSpace(kinds: [.boostedTrees], seed: Int(seed))
            var tuner = Tuner(
                space: candidates.space, metric: metric, seed: seed, budget: TuningBudget(trials: trials))
            tuner.firstTrials = candidates.firstTrials
            let search = try ModelSearch.run(
                candidates, table: training, problem: problem, folds: folds, tuner: tuner, clock: { 0 },
                control: TrainingControl())
            let model = try candidates.learner(search.best.values).fit(
                training, problem: problem, validation: nil, control: TrainingControl())
            evaluation = value(try model.predict(holdout), holdout, one)
            pruned = search.trials.count { $0.state == .pruned }
        }
        guard let found = evaluation, let own = found.value, let low = found.low, let high = found.high else {
            throw BenchmarkError("\(one.name): the hold-out has no \(metric.rawValue)")
        }
        let error = (high - low) / 2 / 1.959963984540054
        let peer = try peer(one, training: training, holdout: holdout, folds: folds)
        let line = String(
            format: "%6.1f  %@  %9.4f  %@  %8.4f  %6d", seconds,
            peer.map { String(format: "%6.1f", $0.seconds) } ?? "     –",
            own, peer.map { String(format: "%8.4f", $0.holdout) } ?? "       –", error, pruned)
        print(
            one.name.padding(toLength: 9, withPad: " ", startingAt: 0)
                + metric.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0) + line)
        fflush(nil)
        guard let peer else { return [] }
        var broken: [String] = []
        let lag = metric.higherIsBetter ? peer.holdout - own : own - peer.holdout
        if lag > error { broken.append("\(one.name): \(metric.rawValue) \(own), Optuna's \(peer.holdout)") }
        if seconds > peer.seconds { broken.append("\(one.name): \(seconds) CPU s, Optuna \(peer.seconds)") }
        return broken
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

    private static func peer(_ one: Case, training: Table, holdout: Table, folds: [Fold]) throws -> Peer? {
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
