import Foundation

/// The threshold that `train --cost` found, from the report beside the model.
enum TrainedThreshold {
    private struct Report: Decodable {
        struct Threshold: Decodable {
            /// `nil` for never.
            var threshold: Double?
        }
        var threshold: Threshold?
    }

    /// - Parameter folder: of a training.
    /// - Returns: `nil` where there is no report, or none was looked for.
    static func read(_ folder: String) -> Double? {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: folder + "/report.json")),
            let found = try? JSONDecoder().decode(Report.self, from: data).threshold
        else { return nil }
        return found.threshold ?? .infinity
    }
}
