import Foundation
import Glibc
import Learning
import Registry
import Statistics
import Storage

/// `tidewatch train`: prepare, search, validate, describe.
public enum TrainCommand {
    /// - Throws: `CommandStop`: exit code 2 for options or a table that nothing can be learned from, 1 where it was
    ///   cancelled; then nothing was written but the history of the search.
    public static func run(_ options: TrainOptions) throws {
        let signals = CancelSignals()
        signals.listen()
        defer { signals.stop() }
        // It may run beside an agent, whose stream comes first.
        BackgroundPriority.take()
        let result = try train(options, control: TrainingControl(isCancelled: { signals.isCancelled }))
        let text = options.format == .json ? try result.json(hasSeconds: true) : result.text()
        try ReportDestination(nil, from: [], isQuiet: options.isQuiet).deliver(text)
    }

    /// Trains, writes what was asked for, and gives the report.
    static func train(_ options: TrainOptions, control: TrainingControl) throws -> any TrainDocument {
        try options.validate()
        if let path = options.outputPath { try TrainOutput.check(path) }
        let progress = CommandProgress(isQuiet: options.isQuiet)
        do {
            let table = try progress.reading(options.dataPath)
            var result = try learn(table, options, control: control, progress: progress)
            try control.check()
            return try deliver(&result, options)
        } catch let error as LearningError {
            if error.code == .cancelled { throw CommandStop(exitCode: 1, message: "Cancelled; nothing was written.") }
            throw CommandStop.badInput(error.description)
        } catch let error as MetricsError {
            throw CommandStop.badInput(error.description)
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        }
    }

    private static func learn(
        _ table: Table, _ options: TrainOptions, control: TrainingControl, progress: CommandProgress
    ) throws -> TrainResult {
        let journal = options.studyPath.map(StudyJournal.init)
        let line = TrainProgress(isQuiet: options.isQuiet)
        defer { line.end() }
        let history: (StudyLog.Heading) throws -> [Trial] = { try journal?.open($0) ?? [] }
        let onTrial: (TuningProgress) throws -> Void = { update in
            try journal?.add(update.trial)
            line.show(update)
        }
        switch options.task {
        case .clustering:
            _ = try champion(options, as: \.clusterModel)
            return try progress.during("clustering") {
                try ClusterTraining(options: options, control: control, clock: stopwatch()).run(table)
            }
        case .ranking:
            var training = RankTraining(options: options, control: control, clock: stopwatch())
            training.champion = try champion(options, as: \.rankingModel)
            return try training.run(table, history: history, onTrial: onTrial)
        case .auto, .binary, .multiclass, .regression:
            var engine = TrainEngine(options: options, control: control, clock: stopwatch())
            engine.champion = try champion(options, as: \.trainedModel)
            return try engine.run(table, history: history, onTrial: onTrial)
        }
    }

    /// Seconds from now on.
    private static func stopwatch() -> () -> Double {
        let begin = ContinuousClock.now
        return {
            let parts = (ContinuousClock.now - begin).components
            return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
        }
    }

    private static func deliver(_ result: inout TrainResult, _ options: TrainOptions) throws -> any TrainDocument {
        let output = TrainOutput(result: result)
        let files = try output.files()
        if options.registers, let model = options.model {
            let folder = options.stateDirectory ?? "./tidewatch-state"
            let state = try StateDirectory(path: folder)
            let record = try state.registry.register(
                model: model, artifact: try result.model.serialized(),
                reference: files.first { $0.name == "reference.json" }?.bytes, lineage: result.report.lineage,
                reason: "trained by hand", now: WallClock.microseconds())
            result.report.version = record.version
            // The card and the history of the search lie beside the registry, under the version's number.
            try TrainOutput.write(files, to: "\(folder)/training/\(model)@\(record.version)")
        }
        if let path = options.outputPath {
            try TrainOutput.write(files, to: path)
            if !options.isQuiet { CommandOutput.standardError("Wrote \(path).") }
        }
        return result.report
    }
}

/// The search on standard error: on a terminal one line that is written over, elsewhere a line whenever it got better.
final class TrainProgress {
    private let isQuiet: Bool
    private let isTerminal: Bool
    private let write: (String) -> Void
    private var best: Int?

    init(
        isQuiet: Bool, isTerminal: Bool = isatty(STDERR_FILENO) == 1,
        write: @escaping (String) -> Void = CommandOutput.standardErrorText
    ) {
        self.isQuiet = isQuiet
        self.isTerminal = isTerminal
        self.write = write
    }

    func show(_ update: TuningProgress) {
        guard !isQuiet, update.budget.trials > 1 else { return }
        let done = update.trial.number + 1
        let score = update.best?.mean.map { ComparisonFormat.number($0) } ?? "–"
        if isTerminal {
            let filled = min(30, done * 30 / update.budget.trials)
            let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
            write("\r\(bar) trial \(done) of \(update.budget.trials), best \(score)")
        } else if update.best?.number != best {
            best = update.best?.number
            write("trial \(done) of \(update.budget.trials), best \(score)\n")
        }
    }

    func end() {
        // Clears the line (ECMA-48, erase in line).
        if isTerminal, !isQuiet { write("\r\u{1B}[K") }
    }
}
