import Detection
import Events
import Statistics

extension AgentEvent {
    /// The metrics of an estimated or reconciled window.
    static func write(_ estimates: [EstimatedMetric], to writer: inout JSONWriter) {
        writer.key("estimates")
        writer.beginArray()
        for metric in estimates {
            writer.beginObject()
            writer.field("metric", metric.metric.rawValue)
            writer.field("estimated", metric.estimated)
            writer.field("low", metric.low)
            writer.field("high", metric.high)
            if let realized = metric.realized {
                writer.field("realized", realized)
                writer.field("realized_low", metric.realizedLow)
                writer.field("realized_high", metric.realizedHigh)
                if let agrees = metric.agrees {
                    writer.key("agrees")
                    writer.boolean(agrees)
                }
                writer.field("mean_error", metric.meanError)
                writer.field("windows", metric.windows.map(Double.init))
            }
            writer.endObject()
        }
        writer.endArray()
    }
}
