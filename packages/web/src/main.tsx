import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { shouldAskAgain } from "./api/client.ts";
import { applyPreferences } from "./settings/apply-preferences.ts";
import { App } from "./shell/app.tsx";
import "./shell/tokens.css";
import "./shell/base.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: shouldAskAgain,
      refetchOnWindowFocus: false,
      staleTime: 1000,
      // A server on this machine answers without any network.
      networkMode: "always",
    },
  },
});

applyPreferences();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
