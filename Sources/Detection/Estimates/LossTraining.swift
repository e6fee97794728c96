import Foundation
import Statistics
import Windowing

/// Rows of mature panes with their outcomes, as they came: the model of the loss follows from them, so that a checkpoint
/// holds these and no model.
struct LossTraining: Sendable, Equatable {
    /// Rows kept at most, but for those of the last pane.
    static let capacity: Int64 = 5_000

    private(set) var messages: [RetainedPrediction] = []
    private(set) var actual: [Double] = []

    /// Adds the sampled rows of one pane whose outcomes are known. Both samples are those with the smallest id hashes, and
    /// there are no more labels than predictions, so that no label of a sampled row is missed.
    mutating func add(_ sample: PaneRows, _ outcomes: OutcomeSample) {
        for row in sample.rows {
            guard let number = outcomes[row.identifier] else { continue }
            messages.append(row.prediction)
            actual.append(number)
        }
    }

    var rows: LossRows {
        LossRows(
            features: MultivariateRows(columnValues: FeatureColumns.columns(of: messages)),
            predicted: PredictionColumn.numbers(of: messages), actual: actual)
    }
}

extension LossTraining: Codable {
    private enum CodingKeys: String, CodingKey { case rows }

    init(from decoder: any Decoder) throws {
        let data = try decoder.container(keyedBy: CodingKeys.self).decode(Data.self, forKey: .rows)
        var reader = BinaryReader(Array(data))
        let rows = try reader.readArray { (try RetainedPrediction(from: &$0), Double(bitPattern: try $0.read())) }
        messages = rows.map(\.0)
        actual = rows.map(\.1)
    }

    func encode(to encoder: any Encoder) throws {
        var writer = BinaryWriter()
        writer.write(UInt32(messages.count))
        for (message, number) in zip(messages, actual) {
            message.write(to: &writer)
            writer.write(number.bitPattern)
        }
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(Data(writer.bytes), forKey: .rows)
    }
}
