import Foundation
import Learning
import Statistics
import TidewatchTestKit

/// The errors of a model that was trained before the concept changed, on `synth_sine_0123_abrupto`: four concepts of
/// 10,000 rows each.
struct ConceptStreams {
    static let quietLength = 4_000
    /// Rows before a switch, and after it.
    static let warm = 2_000
    static let after = 2_000
    private static let concept = 10_000
    private static let trained = 5_000

    /// Streams of shuffled errors from before the first switch.
    var quiet: [[Double]] = []
    /// For each of the later concepts: shuffled errors from before the first switch, then the errors of rows of that
    /// concept in the file's order.
    var switched: [[[Double]]] = []
    /// The share of errors before the first switch, then of each later concept.
    var rates: [Double] = []

    /// - Returns: `nil` where the data set is not there.
    static func load(quiet count: Int, repetitions: Int) throws -> ConceptStreams? {
        guard let errors = try errors() else { return nil }
        var generator = SeededGenerator(seed: 31)
        let before = Array(errors[trained..<concept])
        var streams = ConceptStreams()
        streams.quiet = (0..<count).map { _ in Array(before.shuffled(using: &generator).prefix(quietLength)) }
        streams.rates = [before.reduce(0, +) / Double(before.count)]
        for number in 1...3 {
            let start = number * concept
            streams.rates.append(errors[start..<(start + concept)].reduce(0, +) / Double(concept))
            streams.switched.append(
                (0..<repetitions).map { _ in
                    let first = start + Int.random(in: 0...(concept - after), using: &generator)
                    return Array(before.shuffled(using: &generator).prefix(warm) + errors[first..<(first + after)])
                })
        }
        return streams
    }

    /// 1 for every row of the file that the model gets wrong.
    private static func errors() throws -> [Double]? {
        guard let data = try DataTable.load("synth_sine_0123_abrupto") else { return nil }
        let labels = data.texts("class")
        let table = try Table(columns: [
            TableColumn(name: "x1", numbers: data.numbers("X1")), TableColumn(name: "x2", numbers: data.numbers("X2")),
            TableColumn(name: "class", texts: labels),
        ])
        guard table.rowCount == 4 * concept else { throw BenchmarkError("synth_sine has \(table.rowCount) rows") }
        let model = try BoostedTreeLearner().fit(
            table.rows(0..<trained), target: "class", task: .binary(positive: "1.0"))
        let predicted = try model.predict(table).labels()
        return zip(predicted, labels).map { ($0 == "1.0") == ($1 == "1.0") ? 0 : 1 }
    }

    /// As doubles in this order: the quiet streams, then the switched ones concept by concept.
    func data() -> Data {
        var data = Data()
        for stream in quiet + switched.flatMap(\.self) {
            stream.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        return data
    }
}
