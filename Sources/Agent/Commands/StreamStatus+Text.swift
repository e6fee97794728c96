import Events
import Foundation
import KafkaClient
import Windowing

extension StreamStatus {
    /// `1200000 records, 12043/s; 120000 behind, 95 s (predictions[3]); left out: late predictions 3`.
    var text: String {
        var text = "\(records) records, \(String(format: "%.0f", recordsPerSecond))/s"
        if let lag {
            text += lag == 0 ? "; up to date" : "; \(lag) behind"
            if lag > 0, let lagSeconds, let slowest {
                text += ", \(String(format: "%.0f", lagSeconds)) s (\(slowest))"
            }
        }
        let leftOut = counters.leftOut
        guard !leftOut.isEmpty else { return text }
        return text + "; left out: " + leftOut.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    }

    /// The fields of the JSON line; counters under the names that `replay` gives them.
    func write(to writer: inout JSONWriter) {
        writer.field("event", "status")
        writer.field("records", Double(records))
        writer.field("records_per_second", recordsPerSecond)
        writer.field("lag", lag.map(Double.init))
        writer.field("lag_seconds", lagSeconds)
        if let slowest { writer.field("slowest", "\(slowest)") }
        writer.key("counters")
        writer.beginObject()
        for counter in counters.named { writer.field(counter.name, Double(counter.count)) }
        writer.endObject()
    }
}
