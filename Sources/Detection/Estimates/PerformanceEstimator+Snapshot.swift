import Foundation
package import Windowing

extension PerformanceEstimator {
    package func write(to writer: inout BinaryWriter) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        writer.write(bytes: Array(try encoder.encode(settings)))
        writer.write(bytes: Array(try encoder.encode(state)))
        writer.write(bytes: collected?.serialized() ?? [])
        predictions.write(to: &writer)
        labelled.write(to: &writer)
    }

    /// - Returns: `nil` where the checkpoint was written with settings that its numbers do not fit any more.
    package init?(from reader: inout BinaryReader, settings: EstimatorSettings) throws {
        let decoder = JSONDecoder()
        let saved = try decoder.decode(EstimatorSettings.self, from: Data(try reader.readBytes()))
        self.init(settings: settings)
        state = try decoder.decode(State.self, from: Data(try reader.readBytes()))
        let pairs = try reader.readBytes()
        collected = pairs.isEmpty ? nil : try LabelledPredictions(serialized: pairs)
        predictions = try PaneStore(from: &reader)
        labelled = try PaneStore(from: &reader)
        guard saved.task == settings.task, saved.labelDelayMicroseconds == settings.labelDelayMicroseconds else {
            return nil
        }
    }
}
