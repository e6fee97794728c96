import BenchmarkPeers
import Foundation
import Learning
import Statistics
import TidewatchTestKit

extension MultivariateSuite {
    private struct Peer: Decodable {
        var reconstruction: Double
        var classifier: Double
        var scikit: Double
        var areas: [Double]
    }

    private static let rows = 50_000
    private static let classified = 10_000

    /// CPU seconds of one thread, ours and NannyML's, on the same rows: 50,000 × 10 in the reference and as many in the
    /// window; of the classifiers the first 10,000 of both, which is what `compare` takes at most.
    static func speed() throws -> [String] {
        var chance = DriftStream(seed: 79)
        let tables = [false, true].map { MultivariateDrift.medium.rows(&chance, rows, after: $0) }
        let small = tables.map { $0.rows(Array(0..<classified)) }
        let files = try tables.enumerated().map { try write($1, index: $0) }
        defer { for file in files { _ = unlink(file) } }
        let reconstruction = seconds {
            PrincipalComponentReconstruction(reference: tables[0]).compare(tables[1]).value
        }
        let discrepancy = seconds { MaximumMeanDiscrepancy(reference: tables[0], seed: 1).compare(tables[1]).value }
        var area: Double?
        let classifier = try seconds {
            area = try BoostedDomainClassifier.compare(reference: small[0], window: small[1], seed: 1).value
        }
        say("speed: \(rows) × 10 rows a side, classifiers \(classified); CPU seconds")
        line("pca_reconstruction", reconstruction, nil)
        line("mmd", discrepancy, nil)
        line("domain_classifier", classifier, nil)
        guard let text = try Peers.run(script: "multivariate.py", arguments: files + ["\(classified)"]) else {
            return []
        }
        // LightGBM writes warnings before it.
        let last = text.split(separator: "\n").last ?? ""
        let peer = try JSONDecoder().decode(Peer.self, from: Data(last.utf8))
        line("NannyML, data reconstruction", peer.reconstruction, reconstruction)
        line("NannyML, domain classifier", peer.classifier, classifier)
        line("scikit-learn, HistGradientBoosting, 5 folds", peer.scikit, classifier)
        say("AUC: ours \(format(area)), NannyML \(format(peer.areas[0])), scikit-learn \(format(peer.areas[1]))")
        return reconstruction < peer.reconstruction ? [] : ["pca_reconstruction is slower than NannyML's"]
    }

    private static func format(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "none" }

    private static func line(_ name: String, _ seconds: Double, _ own: Double?) {
        let ratio = own.map { String(format: "%9.1f×", seconds / $0) } ?? ""
        say(name.padded(46) + String(format: "%9.3f s", seconds) + ratio)
    }

    private static func write(_ rows: MultivariateRows, index: Int) throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "tidewatch-multivariate-\(ProcessInfo.processInfo.processIdentifier)-\(index)").path()
        var data = Data()
        for column in rows.columns {
            guard case .numeric(let values) = column.cells else { continue }
            values.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        try data.write(to: URL(filePath: path))
        return path
    }

    /// The quickest of three.
    private static func seconds<Result>(_ body: () throws -> Result) rethrows -> Double {
        var found = Double.infinity
        for _ in 0..<3 {
            let start = processorSeconds()
            _ = try body()
            found = min(found, processorSeconds() - start)
        }
        return found
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
