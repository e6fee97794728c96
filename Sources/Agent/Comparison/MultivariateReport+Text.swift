import Statistics

extension MultivariateReport {
    private typealias Format = ComparisonFormat

    /// The heading and one line of cells per statistic.
    var heading: String {
        "whole rows (\(rowsReference) of the reference, \(rowsCurrent) of the current table)"
    }

    static let columns = ["statistic", "verdict", "reason", "value", "shift", "p (corrected)", "columns"]

    var cells: [[String]] {
        statistics.map { compared in
            let verdict = compared.severity ?? (compared.drift == false ? "no drift" : compared.status.rawValue)
            let isRefused = compared.drift == nil
            return [
                compared.statistic.rawValue, verdict, isRefused ? compared.result.method : compared.reason.text,
                Format.number(compared.result.value), Format.number(compared.result.effect),
                Format.pValue(compared.adjustedPValue), compared.drift == true ? carriers(compared) : "",
            ]
        }
    }

    /// The three columns that the statistic saw most in.
    private func carriers(_ compared: ComparedRows) -> String {
        compared.result.columns.prefix(3).map { "\(Format.printable($0.column)) \(Format.share($0.share))" }
            .joined(separator: ", ")
    }

    /// What did not take part; `nil` where everything did.
    var note: String? {
        guard !leftOut.isEmpty else { return nil }
        let shown = leftOut.prefix(10).map(Format.printable).joined(separator: ", ")
        return "left out: \(shown)\(leftOut.count > 10 ? " and \(leftOut.count - 10) more" : "")"
    }
}
