import Agent
import Foundation
import Testing

/// The files that are made from the key table. `TIDEWATCH_UPDATE=1 swift test --filter ConfigurationSchema` writes them.
@Suite struct ConfigurationSchemaTests {
    static let schema = ConfigurationTests.root.appending(path: "config/tidewatch.schema.json")
    static let documentation = ConfigurationTests.root.appending(path: "docs/configuration.md")
    static let marker = "## Every key\n\n"
    static let updates = ProcessInfo.processInfo.environment["TIDEWATCH_UPDATE"] == "1"

    @Test func theSchemaIsTheKeyTables() throws {
        if Self.updates { try Data(ConfigurationSchema.jsonSchema().utf8).write(to: Self.schema) }
        let checkedIn = try String(contentsOf: Self.schema, encoding: .utf8)
        #expect(checkedIn == ConfigurationSchema.jsonSchema(), "run with TIDEWATCH_UPDATE=1 to write it anew")
    }

    @Test func theSchemaIsJSONAndNamesEveryKey() throws {
        let object = try JSONSerialization.jsonObject(with: Data(ConfigurationSchema.jsonSchema().utf8))
        let properties = try #require((object as? [String: Any])?["properties"] as? [String: Any])
        #expect(
            Set(properties.keys)
                == ["agent", "kafka", "sources", "publish", "replicas", "limits", "models", "alerting", "log"])
        let agent = try #require(properties["agent"] as? [String: Any])
        let workers = try #require((agent["properties"] as? [String: Any])?["workers"] as? [String: Any])
        #expect(workers["minimum"] as? Int == 1 && workers["maximum"] as? Int == 64 && workers["default"] as? Int == 2)
        #expect((agent["additionalProperties"] as? Bool) == false)
    }

    @Test func theReferenceIsTheKeyTables() throws {
        var text = try String(contentsOf: Self.documentation, encoding: .utf8)
        let marker = try #require(text.range(of: Self.marker))
        if Self.updates {
            text = text[..<marker.upperBound] + ConfigurationSchema.markdownReference()
            try Data(text.utf8).write(to: Self.documentation)
        }
        #expect(
            text[marker.upperBound...] == ConfigurationSchema.markdownReference(),
            "run with TIDEWATCH_UPDATE=1 to write it anew")
    }

    /// The documentation's picture of `check-config` is its real output.
    @Test func theDocumentedMessagesAreReal() throws {
        let text = """
            # wrong.yaml
            agent:
              state_directory: /var/lib/tidewatch
              worker: 4

            models:

              - name: fraud
                task: binari
                window:
                  length: 7d
                  slide: 2d
            """
        let error = try #require(throws: ConfigurationError.self) {
            try AgentConfiguration.parse(text, path: "wrong.yaml")
        }
        let documentation = try String(contentsOf: Self.documentation, encoding: .utf8)
        #expect(documentation.contains(error.description))
    }
}
