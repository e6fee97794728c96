import Foundation

/// A search as lines of JSON: the first says what is searched, the others are its trials. A search that was broken off is
/// taken up from it.
public struct StudyLog: Sendable, Equatable {
    /// What a search must have in common with the one that it goes on with.
    public struct Heading: Codable, Sendable, Equatable {
        public var format = 1
        public var metric: String
        public var seed: UInt64
        public var folds: Int
        public var space: SearchSpace
        /// Stands for the table and the problem, so that trials of other data are never mixed in.
        public var data: String

        public init(metric: String, seed: UInt64, folds: Int, space: SearchSpace, data: String) {
            self.metric = metric
            self.seed = seed
            self.folds = folds
            self.space = space
            self.data = data
        }
    }

    public let heading: Heading
    public let trials: [Trial]
    /// Bytes of whole lines; what follows them was torn by a crash and is to be cut off.
    public let intactBytes: Int

    /// Reads a log; a last line without an end was torn and is left out.
    /// - Returns: `nil` for a log without a whole first line: nothing was searched yet.
    /// - Throws: `LearningError(.invalidInput)` with the number of the line that is no trial.
    public init?(_ bytes: [UInt8]) throws(LearningError) {
        guard let end = bytes.lastIndex(of: 0x0A) else { return nil }
        let lines = bytes[..<end].split(separator: 0x0A, omittingEmptySubsequences: false)
        let decoder = JSONDecoder()
        func read<Value: Decodable>(_ type: Value.Type, _ index: Int) throws(LearningError) -> Value {
            do {
                return try decoder.decode(type, from: Data(lines[index]))
            } catch {
                throw LearningError(
                    .invalidInput, "line \(index + 1) is none of a search's history",
                    advice: "Name another file; if it is a history, remove it to begin anew.")
            }
        }
        heading = try read(Heading.self, 0)
        var trials: [Trial] = []
        for index in lines.indices.dropFirst() {
            let trial = try read(Trial.self, index)
            guard trial.number == trials.count else {
                throw LearningError(
                    .invalidInput,
                    "line \(index + 1) of the search's history is trial \(trial.number), and \(trials.count) is expected",
                    advice: "Name another file, or remove it to begin anew.")
            }
            trials.append(trial)
        }
        self.trials = trials
        intactBytes = end + 1
    }

    /// One line, with its end.
    public static func line(_ value: some Encodable) throws(LearningError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value)) + [0x0A]
        } catch {
            throw LearningError(
                .invalidParameter, "a trial cannot be written: \(error)", advice: "Check that every score is a number.")
        }
    }
}
