import Foundation
import Learning
import Registry
import Statistics
import Storage

/// What `tidewatch predict` was asked.
public struct PredictOptions: Sendable {
    /// NAME, NAME@VERSION of the registry, or the path of an artifact or of a training's folder.
    public var model: String
    public var dataPath: String
    public var stateDirectory: String?
    public var configurationPath: String?
    /// Binary: from this score on a row counts as predicted positive; `nil` for the threshold that the training found, else 0.5.
    public var threshold: Double?
    public var outputPath: String?
    /// csv or json (lines).
    public var isJSON = false
    public var isQuiet = false

    public init(model: String, dataPath: String) {
        self.model = model
        self.dataPath = dataPath
    }
}

/// `tidewatch predict`: a model's predictions of a table, one line a row.
public enum PredictCommand {
    public static func run(_ options: PredictOptions) throws {
        let destination = try ReportDestination(
            options.outputPath, from: [options.dataPath], isQuiet: options.isQuiet)
        try destination.deliver(try render(options))
    }

    static func render(_ options: PredictOptions) throws -> String {
        do {
            let progress = CommandProgress(isQuiet: options.isQuiet)
            let (model, folder) = try load(options)
            let table = try progress.reading(options.dataPath)
            try options.checkThreshold(of: model)
            var options = options
            options.threshold = options.threshold ?? folder.flatMap(TrainedThreshold.read)
            return try progress.during("predicting") { try render(model, table, options) }
        } catch let error as LearningError {
            throw CommandStop.badInput(error.description)
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        }
    }

    private static func render(_ model: ArtifactModel, _ table: Table, _ options: PredictOptions) throws -> String {
        switch model {
        case .predictor(let model):
            let said = try model.predict(table)
            if !options.isQuiet { warn(said.alignment) }
            let threshold = options.threshold ?? 0.5
            return options.isJSON ? json(said, threshold) : csv(said, threshold)
        case .ranking(let model):
            let (scores, alignment) = try model.score(table)
            if !options.isQuiet { warn(alignment) }
            let places = places(scores, group: table[model.problem.group])
            return options.isJSON ? json(scores, places) : csv(scores, places)
        case .clusters(let model):
            let found = try model.assign(table)
            if !options.isQuiet { warn(found.alignment) }
            return options.isJSON ? json(found) : csv(found)
        }
    }

    /// The model of a file or folder, if there is one of that name, else of the registry; and the folder of its training.
    static func load(_ options: PredictOptions) throws -> (model: ArtifactModel, folder: String?) {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: options.model, isDirectory: &isFolder)
        let path = isFolder.boolValue ? options.model + "/model.tide" : options.model
        // A folder may have a model's name by chance.
        if isThere, options.model.contains("/") || FileManager.default.fileExists(atPath: path) {
            do {
                let model = try ArtifactModel(serialized: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
                return (model, isFolder.boolValue ? options.model : nil)
            } catch let error as LearningError {
                throw CommandStop.badInput("\(path): \(error)")
            } catch {
                throw CommandStop.badInput("\(path) cannot be read: \(error.localizedDescription)")
            }
        }
        return try ModelsCommand.model(
            options.model,
            at: RegistryLocation(
                configurationPath: options.configurationPath, stateDirectory: options.stateDirectory, format: .text))
    }

    private static func warn(_ counts: AlignmentCounts) {
        for (count, what) in [
            (counts.absentColumns, "features have no column"),
            (counts.unseenCategories, "cells hold unseen categories"),
            (counts.unreadable, "cells are of another kind than the model's"),
            (counts.outOfRange, "cells are infinite or out of range"),
        ] where count > 0 { CommandOutput.standardError("\(count) \(what); they count as missing.") }
    }

    private static func csv(_ said: Predictions, _ threshold: Double) -> String {
        let labels = said.labels(threshold: threshold)
        var lines: [String]
        switch said.task {
        case .regression:
            lines = ["prediction"] + said.values.map { "\($0)" }
        case .binary:
            lines = ["prediction,score"] + zip(labels, said.probabilities).map { "\(quoted($0)),\($1)" }
        case .multiclass(let classes):
            lines = ["prediction," + classes.map { quoted("score_\($0)") }.joined(separator: ",")]
            for row in 0..<said.rowCount {
                let scores = said.probabilities[(row * classes.count)..<((row + 1) * classes.count)]
                lines.append(quoted(labels[row]) + "," + scores.map { "\($0)" }.joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func json(_ said: Predictions, _ threshold: Double) -> String {
        let labels = said.labels(threshold: threshold)
        let lines = (0..<said.rowCount).map { row -> String in
            switch said.task {
            case .regression: return "{\"prediction\":\(number(said.values[row]))}"
            case .binary:
                return "{\"prediction\":\(text(labels[row])),\"score\":\(number(said.probabilities[row]))}"
            case .multiclass(let classes):
                let scores = classes.indices.map {
                    "\(text(classes[$0])):\(number(said.probabilities[row * classes.count + $0]))"
                }
                return "{\"prediction\":\(text(labels[row])),\"scores\":{\(scores.joined(separator: ","))}}"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
    private static func text(_ text: String) -> String { JSONText.text(text).written() }

    /// A CSV cell, in quotes where it needs them (RFC 4180).
    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
