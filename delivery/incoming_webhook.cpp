#include "delivery/incoming_webhook.hpp"

#include "delivery/http_delivery.hpp"
#include "delivery/template.hpp"

namespace earshot::delivery {
namespace {

class WebhookSink final : public Sink {
 public:
  WebhookSink(IncomingWebhook webhook, std::string credential, SinkServices services)
      : webhook_(std::move(webhook)), credential_(std::move(credential)), services_(services) {}

  async::Awaitable<Result<Receipt>> deliver(Item item) override {
    auto url = co_await secret_url(services_, credential_);
    if (!url) co_return unexpected(url.error());
    auto request = json_request(with_query(*url, webhook_.query), webhook_.body_of(item));
    request.carries_secret = true;
    auto reply = co_await send(services_, std::move(request));
    if (!reply) co_return unexpected(reply.error());
    Receipt receipt;
    if (!webhook_.id_at.empty()) receipt.external_id = json_value(reply->body, webhook_.id_at);
    co_return receipt;
  }

 private:
  IncomingWebhook webhook_;
  std::string credential_;
  SinkServices services_;
};

}  // namespace

SinkPlan read_incoming_webhook(TomlReader& reader, const IncomingWebhook& webhook) {
  SinkPlan plan;
  auto credential = read_credential(reader, plan);
  if (reader.find("credential") == nullptr)
    reader.mistake("credential", "is missing: " + std::string(webhook.missing));
  plan.make = [webhook, credential](const SinkServices& services) {
    return std::make_unique<WebhookSink>(webhook, credential, services);
  };
  return plan;
}

}  // namespace earshot::delivery
