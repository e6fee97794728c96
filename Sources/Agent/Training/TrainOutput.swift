import Foundation
import Learning
import Statistics
import Storage

/// The files of a training: all of them, or none.
struct TrainOutput {
    let result: TrainResult

    /// By name, what the folder holds; the same seed gives the same bytes.
    func files() throws -> [(name: String, bytes: [UInt8])] {
        let card = result.report.card
        var found: [(String, [UInt8])] = [
            ("model.tide", try result.model.serialized()),
            ("reference.json", try Self.json(result.reference)),
            ("report.json", Array((try result.report.json(hasSeconds: false) + "\n").utf8)),
            ("card.md", Array(card.markdown().utf8)),
            ("card.html", Array(card.html().utf8)),
        ]
        found += try result.report.files()
        let trees: [(ubj: [UInt8], schema: FeatureSchema)] =
            switch result.model {
            case .predictor(let model): TrainChoice.trees(in: model).map { ($0.boosterUBJ(), $0.schema) }
            case .ranking(let model): [(model.boosterUBJ(), model.schema)]
            case .clusters: []
            }
        for (index, model) in trees.enumerated() {
            let name = trees.count == 1 ? "model" : "model-\(index + 1)"
            found.append(("\(name).ubj", model.ubj))
            found.append(("\(name)-features.json", try Self.json(model.schema)))
        }
        return found
    }

    /// Writes a folder: beside it first, under a name of its own, and then in one step to its place.
    /// - Throws: `CommandStop` with exit code 2 for a path where something else is, or that cannot be written.
    static func write(_ files: [(name: String, bytes: [UInt8])], to path: String) throws {
        let manager = FileManager.default
        let path = try check(path)
        let temporary = "\(path).tmp-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try manager.createDirectory(atPath: temporary, withIntermediateDirectories: true)
            for (name, bytes) in files { try AtomicFile.write(bytes, to: "\(temporary)/\(name)") }
            let old = "\(temporary)-old"
            let isThere = manager.fileExists(atPath: path)
            if isThere { try manager.moveItem(atPath: path, toPath: old) }
            try manager.moveItem(atPath: temporary, toPath: path)
            if isThere { try manager.removeItem(atPath: old) }
        } catch {
            try? manager.removeItem(atPath: temporary)
            throw CommandStop.badInput("--output: \(path) cannot be written: \(error.localizedDescription)")
        }
    }

    /// A folder of ours may be written anew, anything else not: it goes with all that is in it.
    /// - Returns: the path, absolute.
    @discardableResult
    static func check(_ path: String) throws(CommandStop) -> String {
        guard !path.isEmpty else { throw .badInput("--output: name a folder") }
        let path = URL(fileURLWithPath: path).standardizedFileURL.path
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else { return path }
        let contents = (try? manager.contentsOfDirectory(atPath: path)) ?? []
        let foreign = contents.sorted().first { !isOurs($0) }
        guard isFolder.boolValue, contents.isEmpty || contents.contains("report.json") && foreign == nil else {
            let what = foreign.map { " (it has \($0))" } ?? ""
            throw .badInput("--output: \(path) is there already and is no training's\(what); name a new folder")
        }
        return path
    }

    /// Whether a training writes a file of that name.
    private static func isOurs(_ name: String) -> Bool {
        let fixed = [
            "model.tide", "reference.json", "report.json", "card.md", "card.html", "metrics.json", "trials.jsonl",
        ]
        return fixed.contains(name) || name.wholeMatch(of: /model(-[0-9]+)?(\.ubj|-features\.json)/) != nil
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
